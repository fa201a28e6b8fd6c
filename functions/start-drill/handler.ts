import { starts } from '../../lib/adapters/aws/wiring/machines.ts';
import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { plans } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { StartDrillInput, startDrill } from '../../lib/steps/start-drill.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), clock, plans: plans(), starts: starts() };

export const handler = lambda(StartDrillInput, (input) => startDrill(ports, input));

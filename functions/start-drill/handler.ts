import { announcer, clock, plans, starts } from '../../lib/adapters/aws/wiring.ts';
import { StartDrillInput, startDrill } from '../../lib/steps/start-drill.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), clock, plans: plans(), starts: starts() };

export const handler = lambda(StartDrillInput, (input) => startDrill(ports, input));

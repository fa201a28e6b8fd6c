import { counters } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { databases } from '../../lib/adapters/sql/wiring.ts';
import { CountInput, countSideEffects } from '../../lib/steps/count-side-effects.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), counters: counters(databases()) };

export const handler = lambda(CountInput, (input) => countSideEffects(ports, ports.counters, input));

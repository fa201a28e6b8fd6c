import { clock, counters, journal } from '../../lib/adapters/aws/wiring.ts';
import { databases } from '../../lib/adapters/sql/wiring.ts';
import { CountInput, countSideEffects } from '../../lib/steps/count-side-effects.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), counters: counters(databases()) };

export const handler = lambda(CountInput, (input) => countSideEffects(ports, ports.counters, input));

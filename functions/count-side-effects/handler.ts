import { clock, counters, journal } from '../../lib/adapters/aws/wiring.ts';
import { CountInput, countSideEffects } from '../../lib/steps/count-side-effects.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), counters: counters() };

export const handler = lambda(CountInput, (input) => countSideEffects(ports, ports.counters, input));

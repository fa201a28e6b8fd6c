import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { stabilise } from '../../lib/steps/stabilise.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), waits: waits() };

export const handler = lambda(WaitInput, (input) => stabilise(ports, input));

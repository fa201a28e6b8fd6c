import { journal, locks, receipts, targets } from '../../lib/adapters/aws/wiring.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lockTarget } from '../../lib/steps/lock-target.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), locks: locks(), receipts: receipts(), target: targets() };

export const handler = lambda(StepInput, (input) => lockTarget(ports, input));

import { journal, locks, sealedReceipts, targets } from '../../lib/adapters/aws/wiring.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lockTarget } from '../../lib/steps/lock-target.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), locks: locks(), receipts: sealedReceipts(), target: targets() };

export const handler = lambda(StepInput, (input) => lockTarget(ports, input));

import { journal, locks, sealedReceipts } from '../../lib/adapters/aws/wiring/records.ts';
import { lockedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lockTarget } from '../../lib/steps/lock-target.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), locks: locks(), receipts: sealedReceipts(), target: lockedTargets() };

export const handler = lambda(StepInput, (input) => lockTarget(ports, input));

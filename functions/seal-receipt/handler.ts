import { tidiedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import {
  announcer,
  clock,
  deadline,
  journal,
  locks,
  receipts,
  series,
} from '../../lib/adapters/aws/wiring.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { sealReceipt } from '../../lib/steps/seal-receipt.ts';
import { lambda } from '../stack.ts';

const ports = {
  announcer: announcer(),
  clock,
  deadline: deadline(),
  journal: journal(),
  locks: locks(),
  receipts: receipts(),
  series: series(),
  target: tidiedTargets(),
};

export const handler = lambda(StepInput, (input) => sealReceipt(ports, input));

import {
  announcer,
  clock,
  deadline,
  journal,
  locks,
  receipts,
  series,
  targets,
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
  target: targets(),
};

export const handler = lambda(StepInput, (input) => sealReceipt(ports, input));

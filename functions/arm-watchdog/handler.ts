import { clock, deadline, journal, locks, receipts, targets } from '../../lib/adapters/aws/wiring.ts';
import { armWatchdog } from '../../lib/steps/arm-watchdog.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = {
  clock,
  deadline: deadline(),
  journal: journal(),
  locks: locks(),
  receipts: receipts(),
  target: targets(),
};

export const handler = lambda(StepInput, (input) => armWatchdog(ports, input));

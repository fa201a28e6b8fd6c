import { clock, deadline, journal, receipts, targets } from '../../lib/adapters/aws/wiring.ts';
import { armWatchdog } from '../../lib/steps/arm-watchdog.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: targets(), deadline: deadline(), receipts: receipts() };

export const handler = lambda(StepInput, (input) => armWatchdog(ports, input));

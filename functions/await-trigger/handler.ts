import { observedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import { alarms, clock, journal, waits, warmer } from '../../lib/adapters/aws/wiring.ts';
import { awaitTrigger } from '../../lib/steps/await-trigger.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = {
  alarms: alarms(),
  clock,
  journal: journal(),
  target: observedTargets(),
  waits: waits(),
  warmer: warmer(),
};

export const handler = lambda(WaitInput, (input) => awaitTrigger(ports, input));

import { alarms } from '../../lib/adapters/aws/wiring/guardrails.ts';
import { warmer } from '../../lib/adapters/aws/wiring/machines.ts';
import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { observedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
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

import { capturedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import {
  alarms,
  calendars,
  channels,
  clock,
  dependencies,
  environments,
  images,
  journal,
  migrations,
  safetySwitch,
  validations,
  waits,
  witnessMachine,
} from '../../lib/adapters/aws/wiring.ts';
import { checkGuardrails } from '../../lib/steps/check-guardrails.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = {
  alarms: alarms(),
  calendars: calendars(),
  channels: channels(),
  clock,
  dependencies: dependencies(),
  environments: environments(),
  images: images(),
  journal: journal(),
  migrations: migrations(),
  safetySwitch: safetySwitch(),
  target: capturedTargets(),
  validations: validations(),
  waits: waits(),
  witness: witnessMachine(),
};

export const handler = lambda(WaitInput, (input) => checkGuardrails(ports, input));

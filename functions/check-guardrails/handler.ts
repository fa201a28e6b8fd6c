import {
  alarms,
  calendars,
  dependencies,
  environments,
  images,
  safetySwitch,
} from '../../lib/adapters/aws/wiring/guardrails.ts';
import { validations, witnessMachine } from '../../lib/adapters/aws/wiring/machines.ts';
import { channels } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { capturedTargets, migrations } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
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

import {
  alarms,
  calendars,
  dependencies,
  environments,
  images,
  safetySwitch,
} from '../../lib/adapters/aws/wiring/guardrails.ts';
import { deadline } from '../../lib/adapters/aws/wiring/machines.ts';
import { channels } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, locks, numbers } from '../../lib/adapters/aws/wiring/records.ts';
import { migrations, recheckedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { armWatchdog } from '../../lib/steps/arm-watchdog.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = {
  alarms: alarms(),
  calendars: calendars(),
  channels: channels(),
  clock,
  deadline: deadline(),
  dependencies: dependencies(),
  environments: environments(),
  images: images(),
  journal: journal(),
  locks: locks(),
  migrations: migrations(),
  receipts: numbers(),
  safetySwitch: safetySwitch(),
  target: recheckedTargets(),
};

export const handler = lambda(StepInput, (input) => armWatchdog(ports, input));

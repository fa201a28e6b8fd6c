import { recheckedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import {
  alarms,
  calendars,
  channels,
  clock,
  deadline,
  dependencies,
  environments,
  images,
  journal,
  locks,
  migrations,
  numbers,
  safetySwitch,
} from '../../lib/adapters/aws/wiring.ts';
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

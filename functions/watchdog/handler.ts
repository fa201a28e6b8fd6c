import {
  announcer,
  clock,
  deadline,
  executions,
  journal,
  locks,
  migrations,
  probes,
  receipts,
  series,
  targets,
  validations,
} from '../../lib/adapters/aws/wiring.ts';
import { watchdog } from '../../lib/steps/watchdog.ts';
import { WatchdogEvent, wakeUpOf } from '../../lib/steps/watchdog-event.ts';
import { lambda } from '../stack.ts';

const ports = {
  announcer: announcer(),
  clock,
  deadline: deadline(),
  executions: executions(),
  journal: journal(),
  locks: locks(),
  migrations: migrations(),
  probe: probes(),
  receipts: receipts(),
  series: series(),
  target: targets(),
  validations: validations(),
};

/** What is left of the function's time when it hands over: enough for the calls that are under way. */
const MARGIN_MS = 60_000;

export const handler = lambda(WatchdogEvent, (event, context) =>
  watchdog(ports, {
    ...wakeUpOf(event),
    endsAt: clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS,
  }),
);

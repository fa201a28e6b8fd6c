import { deadline, executions, sealer, validations } from '../../lib/adapters/aws/wiring/machines.ts';
import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, locks, sealedReceipts, series } from '../../lib/adapters/aws/wiring/records.ts';
import { migrations, probes, restoredTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
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
  receipts: sealedReceipts(),
  sealer: sealer(),
  series: series(),
  target: restoredTargets(),
  validations: validations(),
};

/** What is left of the function's time when it hands over: enough for the calls that are under way. */
const MARGIN_MS = 90_000;

export const handler = lambda(WatchdogEvent, (event, context) =>
  watchdog(ports, {
    ...wakeUpOf(event),
    endsAt: clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS,
  }),
);

import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import type { WaitInput } from './input.ts';
import { readTriggerAlarms, reportAlarms } from './report-alarms.ts';
import { reportTarget } from './report-target.ts';
import { enter } from './step.ts';
import { targetContext } from './target-context.ts';

/** Waits for the first trigger. Target and alarms are read once after the token is stored: an event may have come before it. */
export async function awaitTrigger(
  ports: Pick<Ports, 'alarms' | 'clock' | 'journal' | 'waits' | 'warmer'> & {
    readonly target: TargetFor<'observe'>;
  },
  input: WaitInput,
): Promise<void> {
  const drill = await enter(ports, 'AwaitTrigger', input);
  await ports.waits.open(input.drillId, 'AwaitTrigger', input.token);
  const observed = ports.target(drill.plan).observe(targetContext(drill));
  await Promise.all([
    observed.then((state) => reportTarget(ports, drill, state)),
    readTriggerAlarms(ports, drill).then((alarms) => reportAlarms(ports, drill, alarms, 'api')),
    ports.warmer.warm(input.drillId),
  ]);
}

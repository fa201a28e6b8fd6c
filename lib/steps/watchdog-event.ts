import * as v from 'valibot';
import type { WatchdogInput } from './watchdog.ts';

const Direct = v.object({ drillId: v.string(), reason: v.string() });

/** `Step Functions Execution Status Change`: the execution's name is the drill's id. */
const StatusChange = v.object({
  detail: v.object({
    name: v.string(),
    status: v.string(),
    error: v.nullish(v.string()),
    cause: v.nullish(v.string()),
  }),
});

/** What wakes the watchdog: the deadline, a person, or an execution that did not end well. */
export const WatchdogEvent = v.union([Direct, StatusChange]);

export function wakeUpOf(event: v.InferOutput<typeof WatchdogEvent>): WatchdogInput {
  if ('drillId' in event) return event;
  const { name, status, error, cause } = event.detail;
  return {
    drillId: name,
    reason: `the execution ended as ${status}: ${error ?? 'no error'} ${cause ?? ''}`.trim(),
  };
}

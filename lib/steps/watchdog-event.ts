import * as v from 'valibot';

const Direct = v.object({
  drillId: v.string(),
  reason: v.string(),
  wokenBy: v.optional(v.literal('deadline')),
});

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

export interface WakeUp {
  readonly drillId: string;
  readonly reason: string;
  /** Only a drill whose deadline has passed may be alive and well. */
  readonly isDeadline: boolean;
}

export function wakeUpOf(event: v.InferOutput<typeof WatchdogEvent>): WakeUp {
  if ('drillId' in event)
    return { drillId: event.drillId, reason: event.reason, isDeadline: event.wokenBy === 'deadline' };
  const { name, status, error, cause } = event.detail;
  const reason = `the execution ended as ${status}: ${error ?? 'no error'} ${cause ?? ''}`.trim();
  return { drillId: name, reason, isDeadline: false };
}

import * as v from 'valibot';

/** What the state machine tells every step: ids and times, never documents. */
export const StepInput = v.object({
  drillId: v.pipe(v.string(), v.minLength(1)),
  enteredAt: v.pipe(v.string(), v.isoTimestamp()),
  /** How often this visit of the state has been retried. */
  retries: v.number(),
  previous: v.optional(
    v.looseObject({
      kind: v.string(),
      reason: v.optional(v.string()),
      state: v.optional(v.string()),
      error: v.optional(v.string()),
      cause: v.optional(v.string()),
    }),
    { kind: 'none' },
  ),
});

export type StepInput = v.InferOutput<typeof StepInput>;

export const WaitInput = v.object({ ...StepInput.entries, token: v.pipe(v.string(), v.minLength(1)) });

export type WaitInput = v.InferOutput<typeof WaitInput>;

/** What a step tells the state machine: the next state is chosen by `kind`. */
export interface Decision {
  readonly kind: string;
  readonly reason: string;
}

const WAITS_WITH_A_LIMIT = new Set([
  'AwaitApproval',
  'AwaitTrigger',
  'AwaitDecision',
  'AwaitRestored',
  'Stabilise',
]);

/** A time limit that the plan set for a wait is an answer, not a fault. */
export function isTimeLimit({ kind, error, state }: StepInput['previous']): boolean {
  return kind === 'fault' && error === 'States.Timeout' && WAITS_WITH_A_LIMIT.has(state ?? '');
}

export function isUndetected(previous: StepInput['previous']): boolean {
  return isTimeLimit(previous) && previous.state === 'AwaitTrigger';
}

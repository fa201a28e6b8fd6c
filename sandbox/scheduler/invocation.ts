import { ACCOUNT, arn, REGION } from '../aws/account.ts';
import type { Deliver } from '../aws/events.ts';
import type { Truth } from '../truth.ts';
import { type InvocationContext, wholeSeconds, withContext } from './context.ts';
import { keyOf, maxAgeMs, type Pending, type Schedule, type Store } from './store.ts';

/** Settled is what arrived, or was given up for good; abandoned what may be taken up again. */
export type Invoke = (schedule: Schedule, pending: Pending) => Promise<'settled' | 'abandoned'>;

const MAX_RETRY_PAUSE_MS = 60_000;

/**
 * Delivers to a schedule's target, and repeats within its retry policy, with pauses that double from `retryDelayMs`.
 * Abandons what is pending when the schedule is deleted or the signal aborts.
 */
export function invoker(options: {
  readonly store: Store;
  readonly deliver: Deliver;
  readonly truth: Truth;
  readonly now: () => number;
  readonly retryDelayMs: number;
  readonly signal: AbortSignal;
}): Invoke {
  const { store, deliver, truth, now, retryDelayMs, signal } = options;
  return async (schedule, pending) => {
    const { Arn, RetryPolicy } = schedule.definition.Target;
    const scheduleArn = arn('scheduler', `schedule/${keyOf(schedule)}`);
    for (let attempt = 1; !signal.aborted && isPending(store, schedule, pending); attempt += 1) {
      try {
        await deliver(Arn, payloadOf(schedule, { ...pending, scheduleArn, attempt }));
        return 'settled';
      } catch (error) {
        const pauseMs = Math.min(retryDelayMs * 2 ** (attempt - 1), MAX_RETRY_PAUSE_MS);
        const tooOld = now() + pauseMs > pending.scheduledMs + maxAgeMs(schedule);
        if (attempt > RetryPolicy.MaximumRetryAttempts || tooOld) {
          const facts = { scheduleArn, ...pending, attempts: attempt, reason: String(error) };
          truth('scheduler.invocation-dropped', facts);
          return 'settled';
        }
        await pause(pauseMs, signal);
      }
    }
    return 'abandoned';
  };
}

function isPending(store: Store, schedule: Schedule, { executionId }: Pending): boolean {
  const current = store.get(keyOf(schedule));
  return current?.pending.some((pending) => pending.executionId === executionId) === true;
}

/** Without an input the target receives an event, as on AWS. */
function payloadOf(schedule: Schedule, context: InvocationContext): unknown {
  const { Input } = schedule.definition.Target;
  if (Input !== undefined) return JSON.parse(withContext(Input, context));
  return {
    version: '0',
    id: context.executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: ACCOUNT,
    time: wholeSeconds(context.scheduledMs),
    region: REGION,
    resources: [context.scheduleArn],
    detail: {},
  };
}

/** Ends early, without an error, when the signal aborts. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs).unref();
    signal.addEventListener('abort', done);
  });
}

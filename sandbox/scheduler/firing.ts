import { once } from 'node:events';
import { latestOccurrence, nextOccurrence } from './expression.ts';
import type { Invoke } from './invocation.ts';
import { keyOf, maxAgeMs, type Pending, type Schedule, type Store, timingOf } from './store.ts';

/** Fires what is due. */
export interface Firing {
  /** Takes up what was due, or not yet delivered, when the scheduler went down. */
  start(): void;
  /** To be called after every change of a schedule, also its end. */
  changed(key: string): void;
  /** Waits a second for invocations under way; what is not delivered by then is taken up after the next start. */
  close(): Promise<void>;
}

/** Short, so that a clock that was set or a computer that slept delays no schedule for long. */
const MAX_TIMER_MS = 60_000;
const CLOSE_LIMIT_MS = 1000;

export function startFiring(options: {
  readonly store: Store;
  readonly now: () => number;
  readonly invoke: Invoke;
}): Firing {
  const { store, now, invoke } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const invocations = new Set<Promise<void>>();
  let state: 'down' | 'running' | 'closed' = 'down';

  return {
    start() {
      state = 'running';
      for (const schedule of store.all()) {
        for (const pending of schedule.pending) begin(schedule, pending);
        tick(keyOf(schedule));
      }
    },
    changed(key) {
      if (state === 'running') tick(key);
    },
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      state = 'down';
      const limit = AbortSignal.timeout(CLOSE_LIMIT_MS);
      await Promise.race([Promise.all(invocations), once(limit, 'abort')]);
      state = 'closed';
    },
  };

  /** Of several occurrences that passed unnoticed only the latest fires. */
  function tick(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
    const schedule = store.get(key);
    if (!schedule || schedule.definition.State === 'DISABLED') return;
    const timing = timingOf(schedule);
    const oldestMs = now() - maxAgeMs(schedule);
    const dueMs = latestOccurrence(timing, Math.max(schedule.cursorMs, oldestMs - 1), now());
    if (dueMs === undefined) wait(schedule, nextOccurrence(timing, Math.max(schedule.cursorMs, now())));
    else fire(schedule, dueMs);
  }

  /** A schedule without a next time is complete once everything is delivered. */
  function wait(schedule: Schedule, nextMs: number | undefined): void {
    const key = keyOf(schedule);
    if (nextMs !== undefined) {
      const delayMs = Math.min(nextMs - now(), MAX_TIMER_MS);
      timers.set(key, setTimeout(() => tick(key), delayMs).unref());
    } else if (schedule.pending.length === 0 && schedule.definition.ActionAfterCompletion === 'DELETE') {
      store.delete(key);
    }
  }

  /** The invocation is on disk before it happens: a scheduler that dies now repeats it, under the same execution id. */
  function fire(schedule: Schedule, scheduledMs: number): void {
    const pending: Pending = { executionId: crypto.randomUUID(), scheduledMs };
    store.put({ ...schedule, cursorMs: scheduledMs, pending: [...schedule.pending, pending] });
    begin(schedule, pending);
    tick(keyOf(schedule));
  }

  function begin(schedule: Schedule, pending: Pending): void {
    const invocation = invoke(schedule, pending).then((end) => {
      invocations.delete(invocation);
      if (end === 'settled' && state !== 'closed') settle(keyOf(schedule), pending);
    });
    invocations.add(invocation);
  }

  function settle(key: string, pending: Pending): void {
    const schedule = store.get(key);
    if (!schedule) return;
    const others = schedule.pending.filter(({ executionId }) => executionId !== pending.executionId);
    store.put({ ...schedule, pending: others });
    if (state === 'running') tick(key);
  }
}

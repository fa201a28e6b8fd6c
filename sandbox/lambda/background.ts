import { AwsError } from '../aws/protocol.ts';
import type { Outcome } from './pool.ts';

/** Invocations of type Event: accepted now, run later, repeated on failure. */
export interface Background {
  /** Throws TooManyRequestsException when too many are waiting already. */
  accept(run: () => Promise<Outcome>): void;
  close(): void;
}

const MAX_WAITING = 1000;
const FUNCTION_RETRIES = 2;
const THROTTLE_RETRIES = 20;

/** Lambda waits one, then two minutes before it repeats; the sandbox has `retryDelayMs` and its double. */
export function startBackground(retryDelayMs: number): Background {
  const timers = new Set<NodeJS.Timeout>();
  let waiting = 0;
  let closed = false;

  return {
    accept(run) {
      if (waiting >= MAX_WAITING)
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { statusCode: 429 });
      waiting += 1;
      void attempts(run).finally(() => {
        waiting -= 1;
      });
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };

  async function attempts(run: () => Promise<Outcome>): Promise<void> {
    let failures = 0;
    let throttles = 0;
    await pause(0);
    while (!closed) {
      const ended = await run().then(
        (outcome) => outcome.kind,
        () => 'throttled' as const,
      );
      if (ended === 'result') return;
      if (ended === 'failure') failures += 1;
      else throttles += 1;
      if (failures > FUNCTION_RETRIES || throttles > THROTTLE_RETRIES) return;
      await pause(ended === 'failure' ? retryDelayMs * failures : retryDelayMs);
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, delayMs);
      timers.add(timer);
    });
  }
}

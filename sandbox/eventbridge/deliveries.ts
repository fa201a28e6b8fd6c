import type { Deliver } from '../aws/events.ts';
import type { Truth } from '../truth.ts';

export interface Delivery {
  readonly ruleName: string;
  readonly targetArn: string;
  readonly eventId: string;
  readonly payload: unknown;
  /** How often the target's retry policy lets the delivery be repeated. */
  readonly maxRetries: number;
}

export interface Deliveries {
  /** Returns at once; the delivery happens after whatever caused the event. */
  add(delivery: Delivery): void;
  /** What was not delivered by now is lost. */
  close(): void;
}

const MAX_PENDING = 10_000;
const MAX_RETRIES = 5;

/** EventBridge repeats for a day; the sandbox five times, with pauses that double from `retryDelayMs`. */
export function startDeliveries(options: {
  readonly deliver: Deliver;
  readonly truth: Truth;
  readonly retryDelayMs: number;
}): Deliveries {
  const timers = new Set<NodeJS.Timeout>();
  let pending = 0;
  let closed = false;

  return {
    add(delivery) {
      if (closed) return;
      if (pending >= MAX_PENDING) return drop(delivery, 0, 'too many pending deliveries');
      pending += 1;
      void attempts(delivery).finally(() => {
        pending -= 1;
      });
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };

  async function attempts(delivery: Delivery): Promise<void> {
    const retries = Math.min(delivery.maxRetries, MAX_RETRIES);
    await pause(0);
    for (let retry = 0; !closed; retry += 1) {
      try {
        return await options.deliver(delivery.targetArn, delivery.payload);
      } catch (error) {
        if (retry >= retries) return drop(delivery, retry + 1, String(error));
        await pause(options.retryDelayMs * 2 ** retry);
      }
    }
  }

  function drop({ ruleName, targetArn, eventId }: Delivery, attempts: number, reason: string): void {
    options.truth('events.delivery-dropped', { ruleName, targetArn, eventId, attempts, reason });
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

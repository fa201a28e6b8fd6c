import type { Cancellation } from './cancellation.ts';
import { Cancelled } from './errors.ts';

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls back once after the delay, however long; the result takes it back. */
export function after(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number) => {
    const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : callback()), stepMs);
  };
  arm(Math.max(0, delayMs));
  return () => clearTimeout(timer);
}

/** Rejects with `Cancelled` as soon as the branch is told to end. */
export function pause(delayMs: number, until: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const disarm = after(delayMs, () => {
      forget();
      resolve();
    });
    const forget = until.onCancel(() => {
      disarm();
      reject(new Cancelled());
    });
  });
}

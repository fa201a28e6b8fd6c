import type { Clock } from '../ports/clock.ts';

/** Runs at a fixed pace, never two at once, until the signal. */
export async function every(
  clock: Clock,
  intervalMs: number,
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  let next = clock.now();
  while (!signal.aborted) {
    await run();
    next = Math.max(next + intervalMs, clock.now());
    await clock.sleep(next - clock.now(), signal);
  }
}

/** While one run is under way, further calls are answered by one more run after it. */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const start = (): Promise<void> => {
    current = run().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (!current) return start();
    queued ??= current.then(() => {
      queued = undefined;
      return start();
    });
    return queued;
  };
}

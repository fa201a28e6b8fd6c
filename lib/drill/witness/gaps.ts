import type { Sample } from './sample.ts';

/** The longest time from `since` to `now` in which nothing was probed, milliseconds. */
export function longestGapMs(samples: readonly Sample[], since: number, now: number): number {
  const times = [since, ...samples.map(({ at }) => at).filter((at) => at >= since && at <= now), now];
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(...sorted.slice(1).map((at, index) => at - (sorted[index] ?? at)));
}

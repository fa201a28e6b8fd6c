import { iso, type ProbeSummary } from '../clock.ts';

/** One probe of the user's view. Times are epoch milliseconds. */
export interface Sample {
  readonly sentAt: number;
  /** When the response was complete, or when the probe gave up. */
  readonly at: number;
  /** Whether the answer was what the plan expects. */
  readonly ok: boolean;
  readonly status: number | null;
  /** The identity that the answer carried. */
  readonly release: string | null;
  /** Why it was not ok. */
  readonly failure: string | null;
}

/** Green: the expected answer, from the last healthy release. */
export function isGreen(sample: Sample, lastHealthy: string): boolean {
  return sample.ok && sample.release === lastHealthy;
}

export function describe(sample: Sample): string {
  const what = sample.ok ? 'ok' : (sample.failure ?? 'failed');
  return `probe sent ${iso(sample.sentAt)}, answered ${iso(sample.at)}: ${what}, release ${sample.release ?? 'not told'}`;
}

/** Samples in the order of their answers: two witnesses of one drill, one after the other, may overlap. */
export function inOrder(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => a.at - b.at);
}

/** `since` is when the known-bad release was deployed: what failed before was not the drill's doing. */
export function summarise(samples: readonly Sample[], knownBad: string, since: number | null): ProbeSummary {
  const during = since === null ? [] : inOrder(samples).filter((sample) => sample.at >= since);
  const failed = during.filter((sample) => !sample.ok);
  const [first, last] = [failed[0], failed.at(-1)];
  const lastBad = during.findLast((sample) => sample.release === knownBad);
  return {
    total: during.length,
    failed: failed.length,
    firstFailedAt: first ? iso(first.at) : null,
    lastFailedAt: last ? iso(last.at) : null,
    totalWhileFailing:
      first && last ? during.filter((sample) => sample.at >= first.at && sample.at <= last.at).length : 0,
    lastKnownBadSeenAt: lastBad ? iso(lastBad.at) : null,
    longestSilenceMs: since === null ? null : longestSilenceMs(during, since),
  };
}

function longestSilenceMs(samples: readonly Sample[], since: number): number | null {
  if (samples.length === 0) return null;
  return samples.reduce(
    ({ longest, before }, { at }) => ({ longest: Math.max(longest, at - before), before: at }),
    { longest: 0, before: since },
  ).longest;
}

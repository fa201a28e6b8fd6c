import type { Sample } from './metrics.ts';

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

/** What makes one value of the samples of a period; undefined where they do not allow to say it. */
export type Statistic = (samples: readonly Sample[]) => number | undefined;

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

const SIMPLE: Readonly<Record<(typeof STATISTICS)[number], Statistic>> = {
  SampleCount: countOf,
  Average: (samples) => sum(samples) / countOf(samples),
  Sum: sum,
  Minimum: (samples) => samples.reduce((least, { minimum }) => Math.min(least, minimum), Infinity),
  Maximum: (samples) => samples.reduce((most, { maximum }) => Math.max(most, maximum), -Infinity),
};

/** By the name that the API gives it: `Sum`, `p99`, `p99.9`, …; undefined for one that the sandbox does not have. */
export function statisticNamed(name: string): Statistic | undefined {
  const simple = STATISTICS.find((each) => each === name);
  if (simple) return (samples) => (samples.length === 0 ? undefined : SIMPLE[simple](samples));
  const share = percentileOf(name);
  return share === undefined ? undefined : (samples) => nearestRank(samples, share);
}

export const SUPPORTED_STATISTICS = `${STATISTICS.join(', ')} and percentiles from p0 to p100`;

/** 0.99 for `p99`; undefined for what is no percentile. */
export function percentileOf(name: string): number | undefined {
  const [, percent] = PERCENTILE.exec(name) ?? [];
  return percent === undefined ? undefined : Number(percent) / 100;
}

/** How many values were measured. */
export function countOf(samples: readonly Sample[]): number {
  return samples.reduce((total, { count }) => total + count, 0);
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, sample) => total + sample.sum, 0);
}

/** The smallest value that so many of the values do not exceed: one that really came, never one between two. */
function nearestRank(samples: readonly Sample[], share: number): number | undefined {
  if (samples.length === 0 || samples.some(({ values }) => values === undefined)) return undefined;
  const values = samples.flatMap((sample) => sample.values ?? []).sort(([a], [b]) => a - b);
  // Ten digits suffice for p99.99999999, and keep 0.07 × 100 from being 7.000000000000001.
  const rank = Number((share * countOf(samples)).toFixed(10));
  let seen = 0;
  for (const [value, count] of values) {
    seen += count;
    if (seen >= rank) return value;
  }
  return values.at(-1)?.[0];
}

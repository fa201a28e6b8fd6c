import type { Metric, Metrics, Sample } from './metrics.ts';
import { countOf, type Statistic } from './statistics.ts';

/** Periods in a row: the first begins at `startMs`. */
export interface Grid {
  readonly startMs: number;
  readonly periodMs: number;
  readonly periods: number;
}

/** The samples of one period. */
export interface Bucket {
  /** When the period begins. */
  readonly atMs: number;
  readonly samples: readonly Sample[];
}

export interface Datapoint {
  readonly atMs: number;
  readonly value: number;
  /** Undefined for what metric math made. */
  readonly sampleCount: number | undefined;
}

/** The datapoints of a metric, oldest first. A period without samples has none. */
export function datapointsOf(
  buckets: readonly Bucket[],
  statistic: Statistic,
): readonly (Datapoint & { readonly sampleCount: number })[] {
  return buckets.flatMap(({ atMs, samples }) => {
    const value = statistic(samples);
    return value === undefined ? [] : [{ atMs, value, sampleCount: countOf(samples) }];
  });
}

/** Oldest first. A metric without `unit` is read in whatever unit it came. */
export function bucketsOf(
  metrics: Metrics,
  metric: Metric,
  grid: Grid,
  unit: string | undefined,
): readonly Bucket[] {
  const { startMs, periodMs, periods } = grid;
  const samples = metrics.samples(metric, { startMs, endMs: startMs + periods * periodMs });
  const wanted = samples.filter((sample) => unit === undefined || (sample.unit ?? 'None') === unit);
  const grouped = Map.groupBy(wanted, ({ atMs }) => Math.floor((atMs - startMs) / periodMs));
  return [...grouped].map(([index, within]) => ({ atMs: startMs + index * periodMs, samples: within }));
}

export function timesOf({ startMs, periodMs, periods }: Grid): readonly number[] {
  return Array.from({ length: periods }, (_, index) => startMs + index * periodMs);
}

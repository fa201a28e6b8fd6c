import { PERCENTILES, type Percentile } from '../plan/windowed.ts';
import type { Sample } from './sample.ts';

/** What users met before the known-bad release. */
export interface Baseline {
  readonly samples: number;
  readonly failed: number;
  /** Of the probes that were answered; `null` when none was. */
  readonly latencyMs: Readonly<Record<`p${Percentile}`, number>> | null;
}

export function baselineOf(samples: readonly Sample[]): Baseline {
  const latencies = samples.filter(({ status }) => status !== null).map(latencyOf);
  return {
    samples: samples.length,
    failed: samples.filter(({ ok }) => !ok).length,
    latencyMs: latencies.length === 0 ? null : percentilesOf(latencies),
  };
}

/** From the request to the whole answer, or to when the probe gave up, milliseconds. */
export function latencyOf({ sentAt, at }: Sample): number {
  return at - sentAt;
}

/** The smallest value that so many percent of the values do not exceed (nearest rank). */
export function percentileOf(values: readonly number[], percentile: Percentile): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[rankOf(percentile, sorted.length) - 1] ?? Number.NaN;
}

/** The place of a percentile among so many values, from 1. */
export function rankOf(percentile: Percentile, count: number): number {
  return Math.ceil((percentile * count) / 100);
}

function percentilesOf(latencies: readonly number[]): NonNullable<Baseline['latencyMs']> {
  const measured = PERCENTILES.map((rank) => [`p${rank}`, percentileOf(latencies, rank)] as const);
  return Object.fromEntries(measured) as NonNullable<Baseline['latencyMs']>;
}

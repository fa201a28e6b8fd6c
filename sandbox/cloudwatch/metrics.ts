/** Values of one metric at one time. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit?: string;
  readonly atMs: number;
  readonly values: readonly number[];
  /** How often each value came; once each when left out. */
  readonly counts?: readonly number[];
}

/** What is measured, whatever of. */
export type Measured = Pick<Datum, 'unit' | 'atMs' | 'values' | 'counts'>;

/** What makes a metric this one. Another set of dimensions is another metric, as on AWS. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What is kept of one datum. */
export interface Sample {
  readonly atMs: number;
  readonly unit: string | undefined;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Each value with how often it came; undefined where only its statistics were told. */
  readonly values: readonly (readonly [value: number, count: number])[] | undefined;
}

/** The range is from `startMs` up to, not including, `endMs`. */
export interface Range {
  readonly startMs: number;
  readonly endMs: number;
}

/** Every metric, in memory. What is too old or too much is dropped, the oldest first. */
export interface Metrics {
  add(metric: Metric, sample: Sample): void;
  /** Oldest first. */
  samples(metric: Metric, range: Range): readonly Sample[];
  /** The time of its newest sample. */
  latestMs(metric: Metric): number | undefined;
  /** Those that have samples, in the order of their first one. */
  all(): readonly Metric[];
}

export interface MetricLimits {
  readonly keptMs: number;
  readonly metrics: number;
  readonly samplesOfMetric: number;
  readonly valuesInAll: number;
}

/** CloudWatch keeps what comes more often than once a minute for three hours; the sandbox keeps nothing longer. */
const LIMITS: MetricLimits = {
  keptMs: 3 * 3_600_000,
  metrics: 1_000,
  samplesOfMetric: 20_000,
  valuesInAll: 500_000,
};

interface Kept {
  readonly metric: Metric;
  readonly samples: Sample[];
}

export function openMetrics(now: () => number, limits: MetricLimits = LIMITS): Metrics {
  const kept = new Map<string, Kept>();
  let values = 0;

  const drop = (key: string, entry: Kept): void => {
    const oldest = entry.samples.shift();
    if (oldest) values -= weight(oldest);
    if (entry.samples.length === 0) kept.delete(key);
  };
  const isOld = ({ atMs }: Sample): boolean => atMs < now() - limits.keptMs;
  const dropSurplus = (): void => {
    for (const [key, entry] of kept) while (entry.samples[0] && isOld(entry.samples[0])) drop(key, entry);
    while (kept.size > limits.metrics || values > limits.valuesInAll) {
      const [key, entry] = [...kept].reduce((a, b) => (firstMs(b[1]) < firstMs(a[1]) ? b : a));
      drop(key, entry);
    }
  };
  return {
    add(metric, sample) {
      if (isOld(sample)) return;
      const key = keyOf(metric);
      const entry = kept.get(key) ?? { metric, samples: [] };
      kept.set(key, entry);
      insert(entry.samples, sample);
      values += weight(sample);
      if (entry.samples.length > limits.samplesOfMetric) drop(key, entry);
      dropSurplus();
    },
    samples(metric, { startMs, endMs }) {
      const { samples = [] } = kept.get(keyOf(metric)) ?? {};
      const before = samples.findLastIndex((sample) => sample.atMs < startMs || isOld(sample));
      return samples.slice(before + 1).filter(({ atMs }) => atMs < endMs);
    },
    latestMs: (metric) => kept.get(keyOf(metric))?.samples.at(-1)?.atMs,
    all: () =>
      [...kept.values()].filter(({ samples }) => !isOld(samples.at(-1)!)).map(({ metric }) => metric),
  };
}

/** The statistics of a datum's values; a datum without values says nothing. */
export function sampleOf({ atMs, unit, values, counts = [] }: Measured): Sample | undefined {
  const counted = values.map((value, index) => [value, counts[index] ?? 1] as const);
  const present = counted.filter(([value, count]) => Number.isFinite(value) && count > 0);
  if (present.length === 0) return undefined;
  return {
    atMs,
    unit,
    count: present.reduce((total, [, count]) => total + count, 0),
    sum: present.reduce((total, [value, count]) => total + value * count, 0),
    minimum: present.reduce((least, [value]) => Math.min(least, value), Number.POSITIVE_INFINITY),
    maximum: present.reduce((most, [value]) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    values: present,
  };
}

/** The same for the same metric, whatever the order of its dimensions. */
export function keyOf({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}

/** Samples mostly come in the order of their times, so the place is near the end. */
function insert(samples: Sample[], sample: Sample): void {
  let place = samples.length;
  while (place > 0 && samples[place - 1]!.atMs > sample.atMs) place -= 1;
  samples.splice(place, 0, sample);
}

function weight({ values }: Sample): number {
  return values?.length ?? 1;
}

function firstMs({ samples }: Kept): number {
  return samples[0]?.atMs ?? Number.POSITIVE_INFINITY;
}

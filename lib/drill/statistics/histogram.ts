import * as v from 'valibot';

/** So many values are kept as they are, and every percentile of them is exact. */
export const EXACT_VALUES = 32;

/** Of a percentile of more values, to the true value. */
export const RELATIVE_ERROR = 0.05;

const Whole = v.pipe(v.number(), v.safeInteger());
const Count = v.pipe(Whole, v.minValue(0));
const TOTALS = { n: Count, sum: Whole, max: v.nullable(Whole) };

/**
 * Whole numbers, of which percentiles can be told: the values themselves in their order, or, once there are more than 32, how
 * many fell into each bucket. It depends on the values alone, not on the order in which they came or were merged.
 */
export const Histogram = v.union([
  v.object({ ...TOTALS, values: v.array(Whole) }),
  v.object({ ...TOTALS, buckets: v.array(v.tuple([Whole, Count])) }),
]);

export type Histogram = v.InferOutput<typeof Histogram>;

export const NO_VALUES: Histogram = { n: 0, sum: 0, max: null, values: [] };

/** With one more value; what is no whole number is rounded to one. */
export function withValue(histogram: Histogram, value: number): Histogram {
  const whole = Math.round(value);
  return merged(histogram, { n: 1, sum: whole, max: whole, values: [whole] });
}

export function merged(one: Histogram, other: Histogram): Histogram {
  const n = one.n + other.n;
  const totals = { n, sum: one.sum + other.sum, max: highest(one.max, other.max) };
  if ('values' in one && 'values' in other && n <= EXACT_VALUES)
    return { ...totals, values: [...one.values, ...other.values].sort((a, b) => a - b) };
  return { ...totals, buckets: added(bucketsOf(one), bucketsOf(other)) };
}

/**
 * The smallest value that at least so many percent of the values do not exceed (nearest rank); `null` without values. Exact up
 * to 32 values, beyond that within 5 % of it.
 */
export function percentile(histogram: Histogram, percent: number): number | null {
  const rank = Math.max(1, Math.ceil((percent * histogram.n) / 100));
  if ('values' in histogram) return histogram.values[rank - 1] ?? null;
  let below = 0;
  for (const [bucket, count] of histogram.buckets) {
    below += count;
    if (below >= rank) return Math.min(middleOf(bucket), histogram.max ?? Number.POSITIVE_INFINITY);
  }
  return null;
}

type Buckets = [bucket: number, count: number][];

function bucketsOf(histogram: Histogram): Buckets {
  return 'buckets' in histogram
    ? histogram.buckets
    : histogram.values.map((value): [number, number] => [bucketOf(value), 1]);
}

function added(one: Buckets, other: Buckets): Buckets {
  const counts = new Map<number, number>();
  for (const [bucket, count] of [...one, ...other]) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

/**
 * Where each bucket begins, in whole numbers: 1, 2, …, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, … The next begins
 * at most a tenth higher, so that the middle of a bucket is never further than 5 % from what is in it. No logarithms: they
 * are not the same to the last digit on every machine.
 */
const STARTS: readonly number[] = startsOfBuckets();

function startsOfBuckets(): readonly number[] {
  const starts = [1];
  for (let start = 1; start < Number.MAX_SAFE_INTEGER; ) {
    start = Math.max(start + 1, Math.floor((start * 11) / 10));
    starts.push(start);
  }
  return starts;
}

/** 0 for 0; what is below it falls into the same buckets with negative numbers. */
function bucketOf(value: number): number {
  if (value < 0) return -bucketOf(-value);
  let [low, high] = [0, STARTS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((STARTS[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  if (bucket < 0) return -middleOf(-bucket);
  const first = STARTS[bucket - 1] ?? 0;
  const last = (STARTS[bucket] ?? first + 1) - 1;
  return Math.round((first + last) / 2);
}

function highest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

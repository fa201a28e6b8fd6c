import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EXACT_VALUES,
  type Histogram,
  merged,
  NO_VALUES,
  percentile,
  RELATIVE_ERROR,
  withValue,
} from '../../../../lib/drill/statistics/histogram.ts';

const duration = fc.oneof(
  fc.integer({ min: -600_000, max: 600_000 }),
  fc.integer({ min: 0, max: 1_000_000_000_000 }),
  fc.constantFrom(0, 1, -1, 10, 11, 20, 21),
);
const durations = fc.array(duration, { maxLength: 300, size: 'max' });
const percent = fc.constantFrom(1, 50, 90, 95, 99, 100);

function histogramOf(values: readonly number[]): Histogram {
  return values.reduce(withValue, NO_VALUES);
}

function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] ?? Number.NaN;
}

test('tells no percentile of no values, and no zero either', () => {
  expect(percentile(NO_VALUES, 50)).toBeNull();
  expect(NO_VALUES.max).toBeNull();
});

test('never tells a percentile that is further than the stated error from the true one', () => {
  fc.assert(
    fc.property(durations, percent, (values, asked) => {
      fc.pre(values.length > 0);
      const [told, truth] = [
        percentile(histogramOf(values), asked) ?? Number.NaN,
        nearestRank(values, asked),
      ];
      expect(Math.abs(told - truth)).toBeLessThanOrEqual(RELATIVE_ERROR * Math.abs(truth));
    }),
  );
});

test('tells the percentiles of few values exactly', () => {
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: EXACT_VALUES }), percent, (values, asked) => {
      expect(percentile(histogramOf(values), asked)).toBe(nearestRank(values, asked));
    }),
  );
});

test('keeps number, sum and maximum exact, and no percentile exceeds the maximum', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const histogram = histogramOf(values);
      expect(histogram).toMatchObject({
        n: values.length,
        sum: values.reduce((sum, value) => sum + value, 0),
        max: values.length === 0 ? null : Math.max(...values),
      });
      if (values.length > 0) expect(percentile(histogram, 95)).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

test('depends neither on the order of the values nor on how they were merged', () => {
  fc.assert(
    fc.property(durations, durations, durations, (a, b, c) => {
      const whole = histogramOf([...a, ...b, ...c]);
      expect(merged(histogramOf(a), merged(histogramOf(b), histogramOf(c)))).toEqual(whole);
      expect(merged(merged(histogramOf(c), histogramOf(a)), histogramOf(b))).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test('does not grow with the number of values', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => ((at * 7_919) % 600_000) + 1);
  expect(JSON.stringify(histogramOf(many)).length).toBeLessThan(3_000);
});

import { expect, test } from 'vitest';
import { sampleOf } from '../../../sandbox/cloudwatch/metrics.ts';
import { percentileOf, statisticNamed } from '../../../sandbox/cloudwatch/statistics.ts';

const of = (values: readonly number[], counts?: readonly number[]) =>
  sampleOf({ atMs: 0, values, ...(counts && { counts }) })!;
const hundred = Array.from({ length: 100 }, (_, index) => of([index + 1]));

test.each(['tm99', 'p', 'p101', 'P99', 'p99.', 'IQM', 'average', '__proto__'])(
  'there is no statistic %s',
  (name) => {
    expect(statisticNamed(name)).toBeUndefined();
  },
);

test.each(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum', 'p99'])(
  '%s of nothing is not zero',
  (name) => {
    expect(statisticNamed(name)?.([])).toBeUndefined();
  },
);

test('a percentile is a value that came, never one between two', () => {
  expect(statisticNamed('p50')?.([of([1]), of([10])])).toBe(1);
  expect(statisticNamed('p51')?.([of([1]), of([10])])).toBe(10);
});

test('no percentile is made up for samples of which only the statistics were told', () => {
  const told = { ...of([1]), count: 5, minimum: 1, maximum: 9, sum: 20, values: undefined };
  expect(statisticNamed('p99')?.([told, ...hundred])).toBeUndefined();
  expect(statisticNamed('Maximum')?.([told])).toBe(9);
});

test.each<[string, number]>([
  ['SampleCount', 100],
  ['Sum', 5050],
  ['Average', 50.5],
  ['Minimum', 1],
  ['Maximum', 100],
  ['p0', 1],
  ['p7', 7],
  ['p50', 50],
  ['p99', 99],
  ['p99.9', 100],
  ['p100', 100],
])('%s of 1 to 100 is %d', (name, expected) => {
  expect(statisticNamed(name)?.(hundred)).toBe(expected);
});

test('a value counts as often as it came', () => {
  const samples = [of([1, 5], [98, 2])];
  expect(statisticNamed('SampleCount')?.(samples)).toBe(100);
  expect(statisticNamed('Average')?.(samples)).toBeCloseTo(1.08);
  expect(statisticNamed('p98')?.(samples)).toBe(1);
  expect(statisticNamed('p99')?.(samples)).toBe(5);
});

test('a percentile is a share of all', () => {
  expect(percentileOf('p99.9')).toBeCloseTo(0.999);
  expect(percentileOf('Sum')).toBeUndefined();
});

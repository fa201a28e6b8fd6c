import { expect, test } from 'vitest';
import { type Metric, openMetrics, sampleOf } from '../../../sandbox/cloudwatch/metrics.ts';

const ALWAYS = { startMs: 0, endMs: Number.POSITIVE_INFINITY };
const LIMITS = { keptMs: 1_000, metrics: 2, samplesOfMetric: 3, valuesInAll: 100 };
const named = (name: string, dimensions: Metric['dimensions'] = {}): Metric => ({
  namespace: 'Shop',
  name,
  dimensions,
});
const at = (atMs: number, ...values: number[]) =>
  sampleOf({ atMs, values: values.length > 0 ? values : [1] })!;

function opened(limits = LIMITS) {
  const clock = { nowMs: 1_000 };
  const metrics = openMetrics(() => clock.nowMs, limits);
  const timesOf = (metric: Metric, range = ALWAYS) => metrics.samples(metric, range).map(({ atMs }) => atMs);
  return { clock, metrics, timesOf };
}

test('no value is seen under another set of dimensions, be it smaller or larger', () => {
  const { metrics, timesOf } = opened();
  metrics.add(named('Errors', { Service: 'shop', Zone: 'a' }), at(1_000));
  expect(timesOf(named('Errors'))).toEqual([]);
  expect(timesOf(named('Errors', { Service: 'shop' }))).toEqual([]);
  expect(timesOf(named('Errors', { Service: 'shop', Zone: 'b' }))).toEqual([]);
  expect(timesOf(named('Errors', { Zone: 'a', Service: 'shop' }))).toEqual([1_000]);
  expect(timesOf({ ...named('Errors', { Service: 'shop', Zone: 'a' }), namespace: 'Till' })).toEqual([]);
});

test('a range has its start and not its end', () => {
  const { metrics, timesOf } = opened();
  for (const atMs of [300, 100, 200]) metrics.add(named('Errors'), at(atMs));
  expect(timesOf(named('Errors'))).toEqual([100, 200, 300]);
  expect(timesOf(named('Errors'), { startMs: 100, endMs: 300 })).toEqual([100, 200]);
});

test('what is too old is neither kept nor told', () => {
  const { clock, metrics, timesOf } = opened();
  metrics.add(named('Errors'), at(500));
  metrics.add(named('Orders'), at(900));
  clock.nowMs = 1_501;
  expect(timesOf(named('Errors'))).toEqual([]);
  expect(metrics.all()).toEqual([named('Orders')]);
  metrics.add(named('Errors'), at(500));
  expect(timesOf(named('Errors'))).toEqual([]);
});

test('the oldest go when a metric has too many samples', () => {
  const { metrics, timesOf } = opened();
  for (const atMs of [100, 200, 300, 400]) metrics.add(named('Errors'), at(atMs));
  expect(timesOf(named('Errors'))).toEqual([200, 300, 400]);
});

test('the oldest go when there are too many values in all, or too many metrics', () => {
  const { metrics, timesOf } = opened({ ...LIMITS, valuesInAll: 5 });
  metrics.add(named('Errors'), at(100, 1, 2));
  metrics.add(named('Orders'), at(200, 1, 2));
  metrics.add(named('Orders'), at(300, 1, 2));
  expect([timesOf(named('Errors')), timesOf(named('Orders'))]).toEqual([[], [200, 300]]);
  metrics.add(named('Third'), at(400));
  metrics.add(named('Fourth'), at(500));
  expect(metrics.all()).toEqual([named('Third'), named('Fourth')]);
});

test('values that are no numbers, and values that never came, say nothing', () => {
  expect(sampleOf({ atMs: 0, values: [] })).toBeUndefined();
  expect(sampleOf({ atMs: 0, values: [Number.NaN, 4], counts: [1, 0] })).toBeUndefined();
  expect(sampleOf({ atMs: 0, values: [Number.NaN, 4] })).toMatchObject({
    count: 1,
    sum: 4,
    minimum: 4,
    maximum: 4,
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../sandbox/aws/events.ts';
import { stateSetter } from '../../../sandbox/cloudwatch/alarm-states.ts';
import { alarmOperations } from '../../../sandbox/cloudwatch/alarms.ts';
import { type Evaluator, startEvaluator } from '../../../sandbox/cloudwatch/evaluator.ts';
import { type Metric, type Metrics, openMetrics, sampleOf } from '../../../sandbox/cloudwatch/metrics.ts';
import { type Alarms, openAlarms } from '../../../sandbox/cloudwatch/store.ts';

/** Six seconds, so that a period has a begin that is easy to read, and half a minute is three seconds. */
const MINUTE_MS = 6_000;
const START_MS = Date.UTC(2026, 10, 21, 6);
const ERRORS: Metric = { namespace: 'Shop', name: 'Errors', dimensions: { Service: 'shop' } };
const REQUESTS: Metric = { namespace: 'Shop', name: 'Requests', dimensions: { Service: 'shop' } };

let directory: string;
let nowMs: number;
let alarms: Alarms;
let metrics: Metrics;
let evaluator: Evaluator;
let told: { name: string; from: string; to: string }[];
let emitted: ServiceEvent[];
let operations: ReturnType<typeof alarmOperations>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-alarms-'));
  [nowMs, told, emitted] = [START_MS, [], []];
  start();
});

afterEach(() => {
  evaluator.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Metrics are gone after a restart, as in the sandbox. */
function start(): void {
  const now = () => nowMs;
  alarms = openAlarms(directory);
  metrics = openMetrics(now);
  const setState = stateSetter(
    alarms,
    (event) => emitted.push(event),
    (_event, facts) => told.push(facts as (typeof told)[number]),
    now,
  );
  evaluator = startEvaluator({ alarms, metrics, setState, now, minuteMs: MINUTE_MS });
  operations = alarmOperations({ alarms, setState, evaluator, now });
}

/** More than 5 errors in 2 of 2 minutes, with missing data for well, unless said otherwise. */
const put = (input: Record<string, unknown> = {}, name = 'errors') =>
  operations.PutMetricAlarm!({
    AlarmName: name,
    ...('Metrics' in input
      ? {}
      : {
          Namespace: 'Shop',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'Service', Value: 'shop' }],
          Period: 60,
          ...(!('ExtendedStatistic' in input) && { Statistic: 'Sum' }),
        }),
    EvaluationPeriods: 2,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...input,
  });
const setState = (StateValue: string) =>
  operations.SetAlarmState!({ AlarmName: 'errors', StateValue, StateReason: 'a test said so' });
const stateOf = (name = 'errors') => alarms.get(name).state;

/** What was measured so long after the start. */
const measure = (afterMs: number, value: number, metric = ERRORS, counts = [1]): void => {
  metrics.add(metric, sampleOf({ atMs: START_MS + afterMs, values: [value], counts })!);
  evaluator.heard(metric);
};
/** Lets time pass, and judges whenever something is due. */
const until = (afterMs: number): void => {
  for (let dueMs = evaluator.nextMs(); dueMs !== undefined && dueMs <= START_MS + afterMs; ) {
    nowMs = dueMs;
    evaluator.tick();
    dueMs = evaluator.nextMs();
  }
  nowMs = START_MS + afterMs;
};
/** So many minutes, each with so many errors. */
const minutes = (...errors: readonly (number | undefined)[]): void => {
  for (const [index, value] of errors.entries())
    if (value !== undefined) measure(index * MINUTE_MS + 1_000, value);
};

test('does not alarm before the period is over and its metrics are published', () => {
  put();
  minutes(9, 9);
  until(2 * MINUTE_MS + MINUTE_MS / 2 - 1);
  expect(stateOf().value).toBe('OK');
  until(2 * MINUTE_MS + MINUTE_MS / 2);
  expect(stateOf()).toMatchObject({ value: 'ALARM', changedMs: START_MS + 2.5 * MINUTE_MS });
});

test('does not alarm when too few of the periods breach', () => {
  put({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  minutes(9, 0, 0, 9, 0, 0, 9);
  until(10 * MINUTE_MS);
  expect(told).toEqual([{ name: 'errors', from: 'INSUFFICIENT_DATA', to: 'OK' }]);
});

test('does not alarm for what nobody measured when that counts as well', () => {
  put();
  until(60 * MINUTE_MS);
  expect(stateOf().value).toBe('OK');
});

test('does not alarm for the values of another service', () => {
  put();
  for (const afterMs of [1_000, 7_000]) {
    measure(afterMs, 9, { ...ERRORS, dimensions: {} });
    measure(afterMs, 9, { ...ERRORS, dimensions: { Service: 'shop', Zone: 'a' } });
  }
  until(10 * MINUTE_MS);
  expect(stateOf().value).toBe('OK');
});

test('does not tell the same state twice', () => {
  put({ EvaluationPeriods: 1 });
  minutes(9, 9, 9, 9);
  until(4.5 * MINUTE_MS);
  put({ EvaluationPeriods: 1 });
  expect(told.map(({ to }) => to)).toEqual(['OK', 'ALARM']);
  expect(emitted).toHaveLength(2);
});

test('judges nothing as long as nothing can change', () => {
  expect(evaluator.nextMs()).toBeUndefined();
  put();
  expect(evaluator.nextMs()).toBeUndefined();
  measure(1_000, 9, REQUESTS);
  expect(evaluator.nextMs()).toBeUndefined();
  measure(1_000, 9);
  expect(evaluator.nextMs()).toBe(START_MS + MINUTE_MS / 2);
  until(60 * MINUTE_MS);
  expect(evaluator.nextMs()).toBeUndefined();
});

test('an alarm that is gone is judged no more', () => {
  put();
  minutes(9, 9);
  operations.DeleteAlarms!({ AlarmNames: ['errors'] });
  until(10 * MINUTE_MS);
  expect(evaluator.nextMs()).toBeUndefined();
  expect(told).toHaveLength(1);
});

test('a new alarm is judged at once, and so is one that was changed', () => {
  put();
  expect(stateOf().value).toBe('OK');
  put({ TreatMissingData: 'breaching' });
  expect(stateOf()).toMatchObject({ value: 'ALARM', changedMs: START_MS });
});

test.each<[string, string, string[]]>([
  ['missing', 'INSUFFICIENT_DATA', ['OK', 'INSUFFICIENT_DATA']],
  ['ignore', 'OK', ['OK']],
  ['breaching', 'ALARM', ['ALARM', 'OK', 'ALARM']],
  ['notBreaching', 'OK', ['OK']],
])('when data stops to come and is treated as %s, the alarm becomes %s', (TreatMissingData, last, all) => {
  put({ TreatMissingData });
  minutes(0, 0, 0);
  until(20 * MINUTE_MS);
  expect(stateOf().value).toBe(last);
  expect(told.map(({ to }) => to)).toEqual(all);
});

test('after the last bad minute the alarm is OK again', () => {
  put();
  minutes(9, 9, 0);
  until(3 * MINUTE_MS + MINUTE_MS / 2);
  expect(told.map(({ to }) => to)).toEqual(['OK', 'ALARM', 'OK']);
});

test('what somebody said of a state is taken back when the next period is judged', () => {
  put();
  setState('ALARM');
  until(MINUTE_MS / 2 - 1);
  expect(stateOf().value).toBe('ALARM');
  until(MINUTE_MS / 2);
  expect(stateOf()).toMatchObject({ value: 'OK', changedMs: START_MS + MINUTE_MS / 2 });
  expect(told.map(({ to }) => to)).toEqual(['OK', 'ALARM', 'OK']);
});

test('what somebody said of a state stays when missing data is ignored', () => {
  put({ TreatMissingData: 'ignore' });
  setState('ALARM');
  until(60 * MINUTE_MS);
  expect(stateOf().value).toBe('ALARM');
});

test('a state outlives a restart, and is judged anew without the metrics', () => {
  put();
  put({}, 'other');
  minutes(9, 9);
  until(2.5 * MINUTE_MS);
  evaluator.close();
  start();
  expect(stateOf().value).toBe('ALARM');
  until(3.5 * MINUTE_MS);
  expect(stateOf().value).toBe('OK');
});

test('a longer period is judged in the same proportion', () => {
  put({ Period: 300, EvaluationPeriods: 1 });
  minutes(2, 2, 2);
  until(5.5 * MINUTE_MS - 1);
  expect(stateOf().value).toBe('OK');
  until(5.5 * MINUTE_MS);
  expect(stateOf().value).toBe('ALARM');
});

test('a period of ten seconds is judged six times a minute', () => {
  put({ Period: 10, EvaluationPeriods: 1, Threshold: 0 });
  measure(500, 1);
  until(MINUTE_MS / 6 + MINUTE_MS / 2);
  expect(stateOf().value).toBe('ALARM');
  until(2 * (MINUTE_MS / 6) + MINUTE_MS / 2);
  expect(told.map(({ to }) => to)).toEqual(['OK', 'ALARM']);
});

test('a percentile of too few samples changes nothing when such are ignored', () => {
  const p99 = { ExtendedStatistic: 'p99', EvaluationPeriods: 1, TreatMissingData: 'ignore' };
  put({ ...p99, EvaluateLowSampleCountPercentile: 'ignore' });
  put({ ...p99, EvaluateLowSampleCountPercentile: 'evaluate' }, 'quick');
  measure(1_000, 9, ERRORS, [999]);
  until(1.5 * MINUTE_MS);
  expect([stateOf().value, stateOf('quick').value]).toEqual(['INSUFFICIENT_DATA', 'ALARM']);
});

test('a percentile of samples enough changes the state when too few are ignored', () => {
  put({ ExtendedStatistic: 'p99', EvaluationPeriods: 1, EvaluateLowSampleCountPercentile: 'ignore' });
  measure(1_000, 9, ERRORS, [1_000]);
  until(1.5 * MINUTE_MS);
  expect(stateOf().value).toBe('ALARM');
});

const metricStat = (Id: string, MetricName: string) => ({
  Id,
  MetricStat: {
    Metric: { Namespace: 'Shop', MetricName, Dimensions: [{ Name: 'Service', Value: 'shop' }] },
    Period: 60,
    Stat: 'Sum',
  },
  ReturnData: false,
});
const share = {
  Metrics: [
    metricStat('errors', 'Errors'),
    metricStat('requests', 'Requests'),
    { Id: 'share', Expression: 'IF(requests > 0, 100 * FILL(errors, 0) / requests, 0)', Label: 'share' },
  ],
};

test('an alarm on a share is silent without errors, and without requests', () => {
  put(share);
  measure(1_000, 100, REQUESTS);
  measure(7_000, 100, REQUESTS);
  until(10 * MINUTE_MS);
  expect(told.map(({ to }) => to)).toEqual(['OK']);
});

test('an alarm on a share tells the shares that it found', () => {
  put(share);
  for (const afterMs of [1_000, 7_000]) measure(afterMs, 100, REQUESTS);
  minutes(20, 30);
  until(2.5 * MINUTE_MS);
  const { value, reason, reasonData } = stateOf();
  expect(value).toBe('ALARM');
  expect(reason).toBe(
    'Threshold Crossed: 2 out of the last 2 datapoints [30 (2026-11-21T06:00:06.000+0000), 20 (2026-11-21T06:00:00.000+0000)] were greater than the threshold (5); 2 out of 2 are needed for ALARM.',
  );
  expect(JSON.parse(reasonData ?? '')).toEqual({
    version: '1.0',
    queryDate: '2026-11-21T06:00:15.000+0000',
    startDate: '2026-11-21T06:00:00.000+0000',
    period: 60,
    recentDatapoints: [20, 30],
    threshold: 5,
    evaluatedDatapoints: [
      { timestamp: '2026-11-21T06:00:06.000+0000', value: 30 },
      { timestamp: '2026-11-21T06:00:00.000+0000', value: 20 },
    ],
  });
});

test('the reason of a metric tells its statistic, its samples, and what was missing', () => {
  put({ DatapointsToAlarm: 1 });
  measure(7_000, 8, ERRORS, [3]);
  until(2.5 * MINUTE_MS);
  const { reason, reasonData } = stateOf();
  expect(reason).toMatch(
    /^Threshold Crossed: 1 out of the last 1 datapoints \[24 \(.*\)\] was greater than the threshold \(5\), 1 datapoint was missing and treated as \[NonBreaching\]; 1 out of 2 are needed for ALARM\.$/,
  );
  expect(JSON.parse(reasonData ?? '')).toMatchObject({
    statistic: 'Sum',
    evaluatedDatapoints: [{ sampleCount: 3, value: 24 }],
  });
});

test('an event has the moment of the change, to the millisecond', () => {
  put();
  nowMs += 123;
  setState('ALARM');
  expect(emitted[1]?.detail).toMatchObject({
    state: { value: 'ALARM', timestamp: '2026-11-21T06:00:00.123+0000' },
    previousState: { value: 'OK', timestamp: '2026-11-21T06:00:00.000+0000' },
  });
});

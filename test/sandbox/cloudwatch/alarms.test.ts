import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../sandbox/aws/events.ts';
import { type CloudWatch, startCloudWatch } from '../../../sandbox/cloudwatch/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

const START_MS = Date.UTC(2026, 10, 21, 6);
let cloudWatch: CloudWatch;
let emitted: ServiceEvent[];
let nowMs: number;
let served: Served;
let client: CloudWatchClient;

beforeEach(async () => {
  [emitted, nowMs] = [[], START_MS];
  served = await serve((directory) => {
    cloudWatch = start(directory);
    return { monitoring: (request) => cloudWatch.endpoint(request) };
  });
  client = new CloudWatchClient(served.configuration);
});

afterEach(() => {
  cloudWatch.close();
  client.destroy();
  return served.close();
});

function start(directory: string): CloudWatch {
  return startCloudWatch({ directory, emit: (event) => emitted.push(event), now: () => nowMs });
}

const put = (AlarmName: string, input: Partial<PutMetricAlarmCommandInput> = {}) =>
  client.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Shop',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Service', Value: 'shop' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      ...input,
    }),
  );
const setState = (AlarmName: string, StateValue: StateValue, StateReasonData?: string) =>
  client.send(
    new SetAlarmStateCommand({
      AlarmName,
      StateValue,
      StateReason: 'a test said so',
      ...(StateReasonData !== undefined && { StateReasonData }),
    }),
  );
const describe = (input: DescribeAlarmsCommandInput = {}) => client.send(new DescribeAlarmsCommand(input));
const namesOf = async (input?: DescribeAlarmsCommandInput) =>
  (await describe(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);

test('an alarm is not OK before somebody has said so', async () => {
  await put('errors');
  const { MetricAlarms } = await describe({ AlarmNames: ['errors'] });
  expect(MetricAlarms?.[0]).toMatchObject({
    AlarmName: 'errors',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors',
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: new Date(START_MS),
    ActionsEnabled: true,
    Threshold: 5,
  });
});

test('an alarm that does not exist is not in the answer, and has no state to set', async () => {
  await put('errors');
  expect(await namesOf({ AlarmNames: ['absent'] })).toEqual([]);
  const notFound = { name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } };
  await expect(setState('absent', 'ALARM')).rejects.toMatchObject(notFound);
});

test('deletes no alarm when one of the names is wrong', async () => {
  await put('errors');
  const remove = (...AlarmNames: string[]) => client.send(new DeleteAlarmsCommand({ AlarmNames }));
  await expect(remove('errors', 'absent')).rejects.toMatchObject({ name: 'ResourceNotFound' });
  expect(await namesOf()).toEqual(['errors']);
  await remove('errors');
  expect(await namesOf()).toEqual([]);
});

test('says nothing when an alarm stays in the state that it has', async () => {
  await put('errors');
  await setState('errors', 'ALARM');
  nowMs += 60_000;
  await setState('errors', 'ALARM');
  expect(emitted).toHaveLength(1);
  expect((await describe()).MetricAlarms?.[0]).toMatchObject({
    StateUpdatedTimestamp: new Date(START_MS + 60_000),
    StateTransitionedTimestamp: new Date(START_MS),
  });
});

const none = { MetricName: undefined, Namespace: undefined, Dimensions: undefined };
const math = { ...none, Statistic: undefined, Period: undefined };
const errors = (Id: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' },
  ReturnData: false,
  ...more,
});
const sum = (Expression: string, ...Metrics: MetricDataQuery[]): Partial<PutMetricAlarmCommandInput> => ({
  ...math,
  Metrics: [{ Id: 'result', Expression, ReturnData: true }, ...Metrics],
});

test.each<[string, Partial<PutMetricAlarmCommandInput>, RegExp]>([
  ['an alarm without a threshold', { Threshold: undefined }, /'Threshold' is required/],
  ['an alarm that watches nothing', math, /either Metrics, or MetricName/],
  ['a comparison with a band', { ComparisonOperator: 'LessThanLowerThreshold' }, /must be one of/],
  ['a metric without a statistic', { Statistic: undefined }, /either Statistic or ExtendedStatistic/],
  [
    'a statistic that it does not have',
    { Statistic: undefined, ExtendedStatistic: 'tm99' },
    /percentiles from p0/,
  ],
  ['an odd period', { Period: 45 }, /1, 5, 10, 20, 30 or a multiple of 60/],
  ['a period that is too short for an alarm', { Period: 5 }, /10, 20, 30 or a multiple of 60.* received 5/],
  ['more than a day of minutes', { EvaluationPeriods: 1441 }, /86460 seconds; allowed are 86400/],
  [
    'more than a week of hours',
    { Period: 3600, EvaluationPeriods: 169 },
    /608400 seconds; allowed are 604800/,
  ],
  [
    'more datapoints than periods',
    { EvaluationPeriods: 2, DatapointsToAlarm: 3 },
    /\(3\) may not exceed .* \(2\)/,
  ],
  ['an unknown treatment of missing data', { TreatMissingData: 'fine' }, /breaching, notBreaching, ignore/],
  ['math that nobody watches', { ...math, Metrics: [errors('m1')] }, /Exactly one .* received 0 of 1/],
  [
    'math that is watched twice',
    { ...sum('m1 * 2', errors('m1', { ReturnData: true })) },
    /received 2 of 2: \[result, m1\]/,
  ],
  ['math without a metric', sum('1 + 2'), /needs the Id of at least one metric/],
  ['math with an unknown id', sum('m1 + m2', errors('m1')), /No query has the Id 'm2'; received: result, m1/],
  [
    'math with the same id twice',
    sum('m1', errors('m1'), errors('m1')),
    /An Id may be given once; received: result, m1, m1/,
  ],
  [
    'math that goes in a circle',
    sum('a', { Id: 'a', Expression: 'result', ReturnData: false }),
    /result → a → result/,
  ],
  [
    'math that it does not have',
    sum('ANOMALY_DETECTION_BAND(m1)', errors('m1')),
    /Supported here: numbers, ids/,
  ],
])('refuses %s', async (_title, input, message) => {
  await expect(put('errors', input)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  });
  expect(await namesOf()).toEqual([]);
});

test.each<[string, () => Promise<unknown>]>([
  ['InvalidParameterCombinationException', () => put('errors', { Metrics: [errors('m1')] })],
  ['InvalidParameterCombinationException', () => put('errors', { ExtendedStatistic: 'p99' })],
  ['InvalidParameterCombinationException', () => describe({ AlarmNames: ['a'], AlarmNamePrefix: 'a' })],
  ['InvalidNextToken', () => describe({ NextToken: 'soon' })],
  ['ValidationException', () => describe({ MaxRecords: 101 })],
  ['InvalidFormatFault', () => put('errors').then(() => setState('errors', 'ALARM', 'hot'))],
])('refuses with %s', async (name, ask) => {
  await expect(ask()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
});

test('a change of state is an event that holds the state before', async () => {
  await put('errors', { AlarmDescription: 'too many' });
  await setState('errors', 'OK');
  nowMs += 1234;
  await setState('errors', 'ALARM', '{"recent":[7]}');
  expect(emitted[1]).toEqual({
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors'],
    detail: {
      alarmName: 'errors',
      state: {
        value: 'ALARM',
        reason: 'a test said so',
        reasonData: '{"recent":[7]}',
        timestamp: '2026-11-21T06:00:01.234+0000',
      },
      previousState: { value: 'OK', reason: 'a test said so', timestamp: '2026-11-21T06:00:00.000+0000' },
      configuration: {
        description: 'too many',
        metrics: [
          {
            id: expect.any(String),
            metricStat: {
              metric: { namespace: 'Shop', name: 'Errors', dimensions: { Service: 'shop' } },
              period: 60,
              stat: 'Sum',
            },
            returnData: true,
          },
        ],
      },
    },
  });
});

test('an alarm on metric math is told with its metrics, in events too', async () => {
  const { Metrics = [] } = sum('m1 / 2', errors('m1', { Label: 'all' }));
  await put('errors', { ...math, Metrics });
  await setState('errors', 'ALARM');
  const { MetricAlarms: [alarm] = [] } = await describe();
  expect(alarm).toMatchObject({ Metrics: [{ Expression: 'm1 / 2' }, { Id: 'm1', ReturnData: false }] });
  expect(alarm).not.toHaveProperty('MetricName');
  expect(emitted[0]?.detail).toMatchObject({
    configuration: {
      metrics: [
        { id: 'result', expression: 'm1 / 2', returnData: true },
        { id: 'm1', label: 'all', metricStat: { period: 60, stat: 'Sum' }, returnData: false },
      ],
    },
  });
});

test('an alarm keeps its state when it is configured again, and over a restart', async () => {
  await put('errors', { TreatMissingData: 'ignore' });
  await setState('errors', 'OK');
  await put('errors', { TreatMissingData: 'ignore', Threshold: 9 });
  cloudWatch.close();
  cloudWatch = start(served.directory);
  expect((await describe()).MetricAlarms?.[0]).toMatchObject({ StateValue: 'OK', Threshold: 9 });
});

test('alarms are found by prefix, by state, and page by page in the order of their names', async () => {
  for (const name of ['shop-3', 'shop-1', 'stock', 'shop-2']) await put(name);
  await setState('shop-2', 'ALARM');
  expect(await namesOf({ StateValue: 'ALARM' })).toEqual(['shop-2']);
  expect(await namesOf({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  const first = await describe({ AlarmNamePrefix: 'shop', MaxRecords: 2 });
  expect(first.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['shop-1', 'shop-2']);
  expect(first.NextToken).toBeDefined();
  const second = await describe({ AlarmNamePrefix: 'shop', MaxRecords: 2, NextToken: first.NextToken });
  expect(second.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['shop-3']);
  expect(second.NextToken).toBeUndefined();
});

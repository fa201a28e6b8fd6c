import { gzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type MetricDatum,
  PutMetricDataCommand,
  type PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CloudWatch, startCloudWatch } from '../../../sandbox/cloudwatch/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

const START_MS = Date.UTC(2026, 10, 21, 6);
const MINUTE_MS = 60_000;
const SERVICE = [{ Name: 'Service', Value: 'shop' }];
let cloudWatch: CloudWatch;
let nowMs: number;
let served: Served;
let client: CloudWatchClient;

beforeEach(async () => {
  nowMs = START_MS + 10 * MINUTE_MS;
  served = await serve((directory) => {
    cloudWatch = startCloudWatch({ directory, emit: () => {}, now: () => nowMs });
    return { monitoring: (request) => cloudWatch.endpoint(request) };
  });
  client = new CloudWatchClient(served.configuration);
});

afterEach(() => {
  cloudWatch.close();
  client.destroy();
  return served.close();
});

const put = (input: Partial<PutMetricDataCommandInput>) =>
  client.send(new PutMetricDataCommand({ Namespace: 'Shop', ...input }));
/** Errors of the shop, so many minutes after the start. */
const errors = (minute: number, more: Partial<MetricDatum>): MetricDatum => ({
  MetricName: 'Errors',
  Dimensions: SERVICE,
  Timestamp: new Date(START_MS + minute * MINUTE_MS),
  ...more,
});
const stat = (Id: string, Stat = 'Sum', Period = 60, MetricName = 'Errors') => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Shop', MetricName, Dimensions: SERVICE }, Period, Stat },
});
const get = (
  queries: GetMetricDataCommandInput['MetricDataQueries'],
  input: Partial<GetMetricDataCommandInput> = {},
) =>
  client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(START_MS),
      EndTime: new Date(START_MS + 10 * MINUTE_MS),
      ScanBy: 'TimestampAscending',
      ...input,
    }),
  );
/** The values of the first result, by the minutes after the start. */
const found = async (...asked: Parameters<typeof get>) => {
  const { MetricDataResults: [first] = [] } = await get(...asked);
  const minutes = first?.Timestamps?.map((at) => (at.getTime() - START_MS) / MINUTE_MS);
  return minutes?.map((minute, index) => [minute, first?.Values?.[index]]);
};
const list = async (input: ListMetricsCommandInput = {}) =>
  (await client.send(new ListMetricsCommand(input))).Metrics?.map(({ MetricName }) => MetricName);

test('nothing of a call is kept when any of it is wrong', async () => {
  const wrong = put({ MetricData: [errors(1, { Value: 1 }), errors(1, { Value: 2 ** 361 })] });
  await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  expect(await list()).toEqual([]);
});

const many = (length: number) => Array.from({ length }, (_, index) => index);
test.each<[string, string, Partial<PutMetricDataCommandInput>]>([
  [
    'MissingRequiredParameterException',
    'no namespace',
    { Namespace: undefined, MetricData: [errors(1, { Value: 1 })] },
  ],
  ['MissingRequiredParameterException', 'no data', {}],
  [
    'MissingRequiredParameterException',
    'no name',
    { MetricData: [errors(1, { MetricName: undefined, Value: 1 })] },
  ],
  ['MissingRequiredParameterException', 'no value', { MetricData: [errors(1, {})] }],
  [
    'InvalidParameterValueException',
    'a namespace of AWS',
    { Namespace: 'AWS/ECS', MetricData: [errors(1, { Value: 1 })] },
  ],
  ['InvalidParameterValueException', 'NaN', { MetricData: [errors(1, { Value: Number.NaN })] }],
  [
    'InvalidParameterValueException',
    'an unknown unit',
    { MetricData: [errors(1, { Value: 1, Unit: 'Miles' as 'Count' })] },
  ],
  [
    'InvalidParameterValueException',
    'another resolution',
    { MetricData: [errors(1, { Value: 1, StorageResolution: 5 })] },
  ],
  ['InvalidParameterValueException', 'a time to come', { MetricData: [errors(131, { Value: 1 })] }],
  [
    'InvalidParameterValueException',
    'a time long ago',
    { MetricData: [errors(-15 * 24 * 60, { Value: 1 })] },
  ],
  ['InvalidParameterValueException', '151 values', { MetricData: [errors(1, { Values: many(151) })] }],
  [
    'InvalidParameterValueException',
    '1001 metrics',
    { MetricData: many(1001).map((Value) => errors(1, { Value })) },
  ],
  [
    'InvalidParameterValueException',
    '31 dimensions',
    {
      MetricData: [errors(1, { Value: 1, Dimensions: many(31).map((n) => ({ Name: `d${n}`, Value: 'x' })) })],
    },
  ],
  ['InvalidParameterValueException', 'an entity', { EntityMetricData: [] }],
  [
    'InvalidParameterCombinationException',
    'a value and values',
    { MetricData: [errors(1, { Value: 1, Values: [1] })] },
  ],
  [
    'InvalidParameterCombinationException',
    'too few counts',
    { MetricData: [errors(1, { Values: [1, 2], Counts: [1] })] },
  ],
  [
    'InvalidParameterCombinationException',
    'counts of one value',
    { MetricData: [errors(1, { Value: 1, Counts: [1] })] },
  ],
])('refuses with %s: %s', async (name, _title, input) => {
  await expect(put(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
});

test('no value is seen under other dimensions, another unit, or another name', async () => {
  await put({ MetricData: [errors(1, { Value: 1, Unit: 'Count' })] });
  const query = stat('m1');
  const { Metric } = query.MetricStat;
  const other = (MetricStat: object) =>
    found([{ ...query, MetricStat: { ...query.MetricStat, ...MetricStat } }]);
  expect(await other({ Metric: { ...Metric, Dimensions: [] } })).toEqual([]);
  expect(await other({ Metric: { ...Metric, Namespace: 'Till' } })).toEqual([]);
  expect(await other({ Unit: 'Seconds' })).toEqual([]);
  expect(await other({ Unit: 'Count' })).toEqual([[1, 1]]);
});

test('a period without values has no datapoint, and the end is not in the range', async () => {
  await put({ MetricData: [errors(0, { Value: 1 }), errors(2, { Value: 2 }), errors(3, { Value: 3 })] });
  const EndTime = new Date(START_MS + 3 * MINUTE_MS);
  expect(await found([stat('m1')], { EndTime })).toEqual([
    [0, 1],
    [2, 2],
  ]);
});

test('the start is taken to its whole minute, and the newest come first unless asked otherwise', async () => {
  await put({ MetricData: [errors(1, { Value: 1 }), errors(2.5, { Value: 2 })] });
  const StartTime = new Date(START_MS + 1.5 * MINUTE_MS);
  expect(await found([stat('m1')], { StartTime, ScanBy: undefined })).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

test.each<[string, number, number]>([
  ['SampleCount', 60, 6],
  ['Sum', 60, 20],
  ['Average', 60, 20 / 6],
  ['Minimum', 60, 1],
  ['Maximum', 60, 8],
  ['p50', 60, 3],
  ['p99', 60, 8],
  ['Sum', 10, 12],
])('%s in %i seconds comes from values, counts and times', async (Stat, Period, expected) => {
  await put({
    MetricData: [
      errors(1, { Value: 2 }),
      errors(1, { Values: [1, 3], Counts: [1, 3] }),
      errors(1.25, { Value: 8, StorageResolution: 1 }),
    ],
  });
  expect((await found([stat('m1', Stat, Period)]))?.[0]).toEqual([1, expected]);
});

test('statistics that were put are read, but no percentile of them', async () => {
  const StatisticValues = { SampleCount: 4, Sum: 20, Minimum: 2, Maximum: 9 };
  await put({ MetricData: [errors(1, { StatisticValues })] });
  expect(await found([stat('m1', 'Average')])).toEqual([[1, 5]]);
  expect(await found([stat('m1', 'p99')])).toEqual([]);
  await put({ MetricData: [errors(2, { StatisticValues: { ...StatisticValues, Minimum: 5, Maximum: 5 } })] });
  expect(await found([stat('m1', 'p99')])).toEqual([[2, 5]]);
});

test('a value without a time is of now', async () => {
  await put({ MetricData: [{ MetricName: 'Errors', Dimensions: SERVICE, Value: 4 }] });
  expect(await found([stat('m1')], { EndTime: new Date(nowMs + 1) })).toEqual([[10, 4]]);
});

test('what a service records of itself may be of AWS, and is read by anybody', async () => {
  cloudWatch.record([
    {
      namespace: 'AWS/ApplicationELB',
      name: 'RequestCount',
      dimensions: {},
      atMs: START_MS,
      values: [1],
      counts: [7],
    },
    { namespace: 'AWS/ApplicationELB', name: 'Nothing', dimensions: {}, atMs: START_MS, values: [] },
  ]);
  const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount' };
  expect(await found([{ Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }])).toEqual([[0, 7]]);
  expect(await list({ Namespace: 'AWS/ApplicationELB' })).toEqual(['RequestCount']);
});

test('an expression is read beside its metrics, and only what is wanted is returned', async () => {
  await put({ MetricData: [errors(1, { Value: 3 }), errors(1, { MetricName: 'Requests', Value: 12 })] });
  const { MetricDataResults } = await get([
    { ...stat('e'), ReturnData: false },
    stat('r', 'Sum', 60, 'Requests'),
    { Id: 'share', Expression: '100 * e / r', Label: 'Share of errors' },
  ]);
  expect(MetricDataResults).toEqual([
    {
      Id: 'r',
      Label: 'Requests',
      StatusCode: 'Complete',
      Timestamps: [new Date(START_MS + MINUTE_MS)],
      Values: [12],
    },
    {
      Id: 'share',
      Label: 'Share of errors',
      StatusCode: 'Complete',
      Timestamps: [new Date(START_MS + MINUTE_MS)],
      Values: [25],
    },
  ]);
});

test('FILL fills the whole range, and nothing when nothing was measured', async () => {
  const filled = [stat('m1'), { Id: 'e1', Expression: 'FILL(m1, 0)' }].map((query, index) => ({
    ...query,
    ReturnData: index === 1,
  }));
  const input = { StartTime: new Date(START_MS), EndTime: new Date(START_MS + 3 * MINUTE_MS) };
  expect(await found(filled, input)).toEqual([]);
  await put({ MetricData: [errors(1, { Value: 3 })] });
  expect(await found(filled, input)).toEqual([
    [0, 0],
    [1, 3],
    [2, 0],
  ]);
});

test.each<[string, Parameters<typeof get>]>([
  ['a statistic that it does not have', [[stat('m1', 'tm99')]]],
  ['a period that is none', [[stat('m1', 'Sum', 90)]]],
  ['an id that begins with a capital', [[stat('M1')]]],
  ['a query for nothing', [[{ Id: 'm1' }]]],
  ['a metric that is an expression as well', [[{ ...stat('m1'), Expression: 'm1' }]]],
  [
    'metrics of two periods in one expression',
    [[stat('a'), stat('b', 'Sum', 300), { Id: 'c', Expression: 'a + b' }]],
  ],
  ['math that it does not have', [[stat('a'), { Id: 'c', Expression: 'RATE(a)' }]]],
  ['an end before the start', [[stat('m1')], { EndTime: new Date(START_MS) }]],
  ['a range of too many periods', [[stat('m1', 'Sum', 1)], { StartTime: new Date(START_MS - 100_800_000) }]],
  ['a next page', [[stat('m1')], { NextToken: 'more' }]],
])('refuses %s', async (_title, asked) => {
  await expect(get(...asked)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('more datapoints than allowed are refused, not cut off', async () => {
  await put({ MetricData: [errors(1, { Value: 1 }), errors(2, { Value: 1 })] });
  await expect(get([stat('m1')], { MaxDatapoints: 1 })).rejects.toThrow(
    /would be 2 datapoints, allowed are 1/,
  );
});

test('statistics of one metric', async () => {
  const read = (input: Partial<GetMetricStatisticsCommandInput>) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Shop',
        MetricName: 'Errors',
        Dimensions: SERVICE,
        StartTime: new Date(START_MS),
        EndTime: new Date(START_MS + 10 * MINUTE_MS),
        Period: 300,
        ...input,
      }),
    );
  await put({ MetricData: [errors(1, { Value: 3, Unit: 'Count' }), errors(2, { Value: 5, Unit: 'Count' })] });
  const { Label, Datapoints } = await read({ Statistics: ['Sum', 'Maximum'], ExtendedStatistics: ['p50'] });
  expect(Label).toBe('Errors');
  expect(Datapoints).toEqual([
    { Timestamp: new Date(START_MS), Unit: 'Count', Sum: 8, Maximum: 5, ExtendedStatistics: { p50: 3 } },
  ]);
  await expect(read({})).rejects.toMatchObject({ name: 'MissingRequiredParameterException' });
  const second = read({ Statistics: ['Sum'], Period: 1, StartTime: new Date(START_MS - 30 * MINUTE_MS) });
  await expect(second).rejects.toMatchObject({ name: 'InvalidParameterCombinationException' });
});

test('metrics are found by namespace, name and dimensions', async () => {
  await put({
    MetricData: [errors(1, { Value: 1 }), errors(1, { MetricName: 'Orders', Value: 1, Dimensions: [] })],
  });
  await put({ Namespace: 'Till', MetricData: [errors(1, { MetricName: 'Cash', Value: 1 })] });
  expect(await list()).toEqual(['Errors', 'Orders', 'Cash']);
  expect(await list({ Namespace: 'Shop', MetricName: 'Orders' })).toEqual(['Orders']);
  expect(await list({ Dimensions: [{ Name: 'Service' }] })).toEqual(['Errors', 'Cash']);
  expect(await list({ Dimensions: [{ Name: 'Service', Value: 'till' }] })).toEqual([]);
  const { Metrics } = await client.send(new ListMetricsCommand({ MetricName: 'Errors' }));
  expect(Metrics).toEqual([{ Namespace: 'Shop', MetricName: 'Errors', Dimensions: SERVICE }]);
});

test('more than 500 metrics are told page by page', async () => {
  await put({ MetricData: many(501).map((n) => errors(1, { MetricName: `metric-${n}`, Value: 1 })) });
  const first = await client.send(new ListMetricsCommand({}));
  expect(first.Metrics).toHaveLength(500);
  expect(await list({ NextToken: first.NextToken })).toEqual(['metric-500']);
  await expect(list({ NextToken: 'soon' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('a large call comes compressed, and is understood', async () => {
  await put({ MetricData: many(200).map((Value) => errors(1, { Value })) });
  expect(await found([stat('m1', 'SampleCount')])).toEqual([[1, 200]]);
});

test.each<[string, Buffer, number, string]>([
  ['what is not compressed although it says so', Buffer.from('{}'), 400, 'SerializationException'],
  ['what becomes too large', gzipSync(Buffer.alloc(1024 * 1024 + 1)), 413, 'RequestEntityTooLarge'],
])('refuses %s', async (_title, body, status, code) => {
  const headers = {
    'content-encoding': 'gzip',
    'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData',
  };
  const answer = await cloudWatch.endpoint({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers,
    body,
  });
  expect([answer.status, answer.headers?.['x-amzn-errortype']]).toEqual([status, code]);
});

import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cloudWatchMetrics } from '../../../../lib/adapters/aws/metrics.ts';
import { type CloudWatch, startCloudWatch } from '../../../../sandbox/cloudwatch/service.ts';
import { type Served, serve } from '../../../sandbox/fixtures/served.ts';

const START = Date.UTC(2026, 10, 21, 6);
const ORDERS = {
  namespace: 'Shop',
  metric: 'Orders',
  dimensions: { Service: 'shop' },
  stat: 'Sum',
  periodMs: 60_000,
};
const { signal } = new AbortController();
let served: Served;
let service: CloudWatch;
let client: CloudWatchClient;

beforeEach(async () => {
  served = await serve((directory) => {
    service = startCloudWatch({ directory, emit: () => {}, now: () => START + 600_000 });
    return { monitoring: (request) => service.endpoint(request) };
  });
  client = new CloudWatchClient(served.configuration);
});

afterEach(async () => {
  service.close();
  client.destroy();
  await served.close();
});

function put(minute: number, Value: number): Promise<unknown> {
  const datum = {
    MetricName: 'Orders',
    Dimensions: [{ Name: 'Service', Value: 'shop' }],
    Timestamp: new Date(START + minute * 60_000),
    Value,
  };
  return client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [datum] }));
}

test('a metric is read period by period, and periods without data are not told as zero', async () => {
  const metrics = cloudWatchMetrics(client);
  await put(0, 7);
  await put(1, 2);
  await put(1, 3);
  await put(3, 4);
  const window = { fromMs: START + 60_000, untilMs: START + 240_000 };
  expect(await metrics(ORDERS, window, signal)).toEqual([
    { atMs: START + 60_000, value: 5 },
    { atMs: START + 180_000, value: 4 },
  ]);
  expect(await metrics({ ...ORDERS, dimensions: {} }, window, signal)).toEqual([]);
  expect(await metrics({ ...ORDERS, unit: 'Seconds' }, window, signal)).toEqual([]);
});

test('what CloudWatch refuses is thrown, not told as no data', async () => {
  const window = { fromMs: START, untilMs: START };
  await expect(cloudWatchMetrics(client)(ORDERS, window, signal)).rejects.toThrow('StartTime');
});

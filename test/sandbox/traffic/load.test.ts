import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { environmentFor } from '../../../sandbox/stores.ts';
import { startLoad } from '../../../sandbox/traffic/load.ts';
import { startOrigin } from './origin.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

test('what CloudWatch does not take in some tries is dropped, and only what is left is put, once', async () => {
  const puts = await load({ refusals: 20 });
  await expect.poll(() => puts.length, { timeout: 5_000 }).toBeGreaterThan(24);
  const times = puts.map(({ MetricData }) => [...new Set(MetricData.map(({ Timestamp }) => Timestamp))]);
  expect(Math.max(...times.map((each) => each.length))).toBe(6);
  const taken = times.slice(20).flat();
  expect(new Set(taken).size).toBe(taken.length);
  expect(taken).not.toContain(times[0]?.[0]);
});

test('puts failures of log-ins and of orders as 0 or 1 for each, with no dimensions', async () => {
  const puts = await load({});
  const names = () => puts.flatMap(({ MetricData }) => MetricData.map(({ MetricName }) => MetricName));
  await expect.poll(() => new Set(names()).size).toBe(2);
  const data = puts.flatMap(({ MetricData }) => MetricData);
  expect(new Set(puts.map(({ Namespace }) => Namespace))).toEqual(new Set(['Shop']));
  for (const { MetricName, Values, Counts, Dimensions } of data) {
    expect([MetricName, Values]).toEqual([MetricName, MetricName === 'LoginFailure' ? [0] : [1]]);
    expect(Counts[0]).toBeGreaterThan(0);
    expect(Dimensions).toBeUndefined();
  }
});

interface Put {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Timestamp: number;
    readonly Values: readonly number[];
    readonly Counts: readonly number[];
    readonly Dimensions?: unknown;
  }[];
}

/** Shoppers of a shop whose checkout is broken; what they put to a CloudWatch that refuses a few times first. */
async function load({ refusals = 0 }): Promise<readonly Put[]> {
  const shop = await startOrigin((request, response) => {
    const isCheckout = request.url === '/checkout';
    response.writeHead(isCheckout ? 500 : 200).end(JSON.stringify({ token: 'token' }));
  });
  const cloudWatch = await startCloudWatch(refusals);
  const edgeUrl = `http://127.0.0.1:${shop.port}`;
  const environment = environmentFor(cloudWatch.url);
  const shoppers = startLoad({ edgeUrl, environment, perSecond: 200, putEveryMs: 50 });
  open.push({ close: shoppers.stop }, cloudWatch, shop);
  return cloudWatch.puts;
}

/** A real server that an unmodified client puts to. */
async function startCloudWatch(refusals: number) {
  const puts: Put[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    puts.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(puts.length > refusals ? 200 : 503, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { puts, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Datum } from '../../../sandbox/cloudwatch/metrics.ts';
import { type ProcessRunner, processRunner } from '../../../sandbox/processes/runner.ts';
import { shopImages } from '../../../sandbox/shop/images.ts';
import { startTraffic, type Traffic } from '../../../sandbox/traffic/start.ts';

const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/shop/1';
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/shop/1';
let directory: string;
let runner: ProcessRunner;
let traffic: Traffic;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'traffic-'));
  runner = processRunner({ logDirectory: directory });
  traffic = await startTraffic({
    truthFile: join(directory, 'truth.jsonl'),
    loadBalancerArn: LOAD_BALANCER,
    targetGroupArn: ARN,
    healthCheck: { intervalMs: 20 },
  });
});
afterEach(async () => {
  await traffic.close();
  await runner.close();
  rmSync(directory, { recursive: true });
});

test('knows no other target group than its own', () => {
  expect(traffic.loadBalancers.targetGroup('arn:aws:another')).toBeUndefined();
});

test('does not start on a port that is in use', async () => {
  const edgePort = Number(new URL(traffic.edgeUrl).port);
  const second = startTraffic({
    truthFile: join(directory, 'other.jsonl'),
    loadBalancerArn: LOAD_BALANCER,
    targetGroupArn: ARN,
    edgePort,
  });
  await expect(second).rejects.toThrow('EADDRINUSE');
});

test('a release that crashes at boot never serves, and the healthy one goes on', async () => {
  await running('one', 'healthy');
  const crashing = start('two', 'boot-crash');
  await crashing.exited;
  for (let i = 0; i < 10; i += 1)
    expect((await fetch(`${traffic.edgeUrl}/health`)).headers.get('x-release')).toBe('healthy');
  expect(events('release-serving')).toEqual([{ release: 'healthy', share: 1 }]);
});

test('a target that left the group gets no request and no health report any more', async () => {
  await running('one', 'healthy');
  await running('two', 'checkout-5xx');
  const reports: string[] = [];
  group().onHealthChange((targetId, health) => reports.push(`${targetId} ${health}`));
  await group().deregister('two');
  await runner.close();
  await expect.poll(() => reports).toEqual(['one unhealthy']);
  await group().deregister('two');
  expect((await fetch(`${traffic.edgeUrl}/checkout/check`)).status).toBe(503);
});

test('after the switch to another release the cache still shows the old one, until it is purged', async () => {
  await running('one', 'healthy');
  await fetch(`${traffic.edgeUrl}/catalogue`);
  await running('two', 'healthy-next');
  await group().deregister('one');
  const release = async (path: string) => (await fetch(traffic.edgeUrl + path)).headers.get('x-release');
  expect([await release('/health'), await release('/catalogue')]).toEqual(['healthy-next', 'healthy']);
  expect(await traffic.purge(['/other/*'])).toBe(0);
  expect(await release('/catalogue')).toBe('healthy');
  expect(await traffic.purge(['/*'])).toBe(1);
  expect(await release('/catalogue')).toBe('healthy-next');
});

test('tells the truth about every response, who serves, and every purge', async () => {
  await running('one', 'healthy');
  await running('two', 'checkout-5xx');
  const headers = { 'user-agent': 'witness' };
  const before = Date.now();
  for (let i = 0; i < 2; i += 1)
    await (await fetch(`${traffic.edgeUrl}/checkout/check?n=${i}`, { headers })).text();
  for (let i = 0; i < 2; i += 1) await (await fetch(`${traffic.edgeUrl}/catalogue`, { headers })).text();
  await traffic.purge(['/catalogue']);
  await group().deregister('two');
  await traffic.close();
  const after = Date.now();

  const responses = lines().filter(({ event }) => event === 'response');
  for (const { at, durationMs } of responses) {
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(after);
    expect(durationMs).toBeGreaterThan(0);
  }
  const seen = responses.map(({ client, method, path, status, release, cacheHit }) => [
    client,
    method,
    path,
    status,
    release,
    cacheHit,
  ]);
  expect(seen.slice(0, 2).toSorted()).toEqual([
    ['witness', 'GET', '/checkout/check', 200, 'healthy', false],
    ['witness', 'GET', '/checkout/check', 500, 'checkout-5xx', false],
  ]);
  expect(seen.slice(2).map(([, , path, , , cacheHit]) => [path, cacheHit])).toEqual([
    ['/catalogue', false],
    ['/catalogue', true],
  ]);
  expect(events('cache-purged')).toEqual([{ patterns: ['/catalogue'], entries: 1 }]);
  expect(events('release-serving')).toEqual([
    { release: 'healthy', share: 1 },
    { release: 'healthy', share: 0.5 },
    { release: 'checkout-5xx', share: 0.5 },
    { release: 'healthy', share: 1 },
    { release: 'checkout-5xx', share: 0 },
  ]);
});

test('measures users, and not its own health checks, under the names of load balancer and target group', async () => {
  const measured: Datum[] = [];
  traffic.onMeasured((data) => measured.push(...data));
  await running('one', 'healthy');
  await fetch(`${traffic.edgeUrl}/checkout/check`);
  await expect.poll(() => measured.length).toBeGreaterThan(0);
  const requests = measured.filter(({ name }) => name === 'RequestCount');
  expect(requests.map(({ dimensions, values, counts }) => [dimensions, values, counts])).toEqual([
    [{ LoadBalancer: 'app/shop/1' }, [1], [1]],
    [{ TargetGroup: 'targetgroup/shop/1', LoadBalancer: 'app/shop/1' }, [1], [1]],
  ]);
});

test('tells of a client that went away before it was answered', async () => {
  const socket = connect(Number(new URL(traffic.edgeUrl).port), '127.0.0.1', () => {
    socket.write('POST /checkout HTTP/1.1\r\nhost: shop\r\nuser-agent: hasty\r\ncontent-length: 10\r\n\r\n');
    socket.end('half');
  });
  await expect
    .poll(() => events('response-abandoned'))
    .toMatchObject([{ client: 'hasty', path: '/checkout' }]);
  expect(events('response')).toEqual([]);
});

test('fails to purge, and drains at once, when the traffic process has ended', async () => {
  await running('one', 'healthy');
  await traffic.close();
  await expect(traffic.purge(['/*'])).rejects.toThrow('has ended');
  await group().deregister('one');
  expect(() => group().register('one', 1)).toThrow('has ended');
});

test('refuses to register a target twice, unless it left in between', async () => {
  await running('one', 'healthy');
  expect(() => group().register('one', 1)).toThrow('registered already');
  await group().deregister('one');
  group().register('one', 1);
});

function group() {
  const found = traffic.loadBalancers.targetGroup(ARN);
  if (!found) throw new Error('The target group is missing.');
  return found;
}

function start(taskId: string, release: string) {
  const image = shopImages().resolve(`shop:${release}`);
  if (!image) throw new Error(`There is no shop:${release}.`);
  return runner.start({ taskId, ...image });
}

/** Resolves when the task gets traffic. */
async function running(taskId: string, release: string): Promise<void> {
  const port = await start(taskId, release).listening;
  const healthy = new Promise<void>((resolve) => {
    group().onHealthChange((targetId, health) => {
      if (targetId === taskId && health === 'healthy') resolve();
    });
  });
  group().register(taskId, port);
  await healthy;
}

function lines(): Record<string, unknown>[] {
  try {
    const text = readFileSync(join(directory, 'truth.jsonl'), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function events(name: string): Record<string, unknown>[] {
  return lines()
    .filter(({ event }) => event === name)
    .map(({ at, event, ...facts }) => facts);
}

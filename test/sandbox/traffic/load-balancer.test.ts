import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { startLoadBalancer } from '../../../sandbox/traffic/load-balancer.ts';
import { type Targets, targetGroup } from '../../../sandbox/traffic/targets.ts';
import { ok, release, startOrigin } from './origin.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

test('answers 503 without a target, and with none that is healthy', async () => {
  const { url, targets } = await loadBalancer();
  expect((await fetch(url)).status).toBe(503);
  const origin = await startOrigin(ok);
  open.push(origin);
  targets.add(1, 'one', origin.port);
  expect((await fetch(url)).status).toBe(503);
  expect(origin.requests).toEqual([]);
});

test('sends a request once, also when the target drops the connection: that is a 502', async () => {
  const { url, targets } = await loadBalancer();
  const dropping = await healthyTarget(targets, 1, (response) => response.destroy());
  const working = await healthyTarget(targets, 2, (response) => response.end('ok'));
  const statuses = [await fetch(url), await fetch(url, { method: 'POST' })].map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([200, 502]);
  expect([dropping.requests.length, working.requests.length]).toEqual([1, 1]);
});

test('answers 504 when the target does not answer in time', async () => {
  const { url, targets } = await loadBalancer({ answerTimeoutMs: 50 });
  await healthyTarget(targets, 1, () => {});
  expect((await fetch(url)).status).toBe(504);
});

test('answers 502 when the target is gone', async () => {
  const { url, targets } = await loadBalancer();
  const origin = await healthyTarget(targets, 1, (response) => response.end('ok'));
  await fetch(url);
  await origin.close();
  expect((await fetch(url)).status).toBe(502);
});

test('a draining target gets no new request, and answers the one that is under way', async () => {
  const { url, targets } = await loadBalancer();
  const held: ServerResponse[] = [];
  const leaving = await healthyTarget(targets, 1, (response) => held.push(response));
  const slow = fetch(url);
  await expect.poll(() => held.length).toBe(1);
  const staying = await healthyTarget(targets, 2, (response) => response.end('ok'));
  let isDrained = false;
  const drained = targets.drain(1).then(() => {
    isDrained = true;
  });
  for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(200);
  expect([leaving.requests.length, staying.requests.length, isDrained]).toEqual([1, 20, false]);
  held[0]?.end('late');
  expect(await (await slow).text()).toBe('late');
  await drained;
});

test('cuts off what is still under way when the deregistration delay is over', async () => {
  const { url, targets } = await loadBalancer({ deregistrationDelayMs: 30 });
  const origin = await healthyTarget(targets, 1, () => {});
  const slow = fetch(url);
  await expect.poll(() => origin.requests.length).toBe(1);
  await targets.drain(1);
  expect((await slow).status).toBe(502);
});

test('takes the healthy targets in turn, and learns their releases from their answers', async () => {
  let learnt = 0;
  const { url, targets } = await loadBalancer({ learnt: () => (learnt += 1) });
  for (const [i, name] of ['a', 'b', 'c'].entries())
    await healthyTarget(targets, i, (response) => release(name)(response.req, response));
  const seen: string[] = [];
  for (let i = 0; i < 9; i += 1) seen.push(await (await fetch(url)).text());
  expect(seen.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
  expect(seen.slice(3)).toEqual([...seen.slice(0, 3), ...seen.slice(0, 3)]);
  expect(targets.healthy().map((target) => target.release)).toEqual(['a', 'b', 'c']);
  expect(learnt).toBe(3);
});

test('tells the target who asked', async () => {
  const { url, targets } = await loadBalancer();
  await healthyTarget(targets, 1, (response) => response.end(response.req.headers['x-forwarded-for']));
  expect(await (await fetch(url, { headers: { 'x-forwarded-for': '10.0.0.1' } })).text()).toBe(
    '10.0.0.1, 127.0.0.1',
  );
});

async function loadBalancer({ deregistrationDelayMs = 5_000, ...options }: LoadBalancerSettings = {}) {
  const targets = targetGroup({ deregistrationDelayMs });
  const front = await startLoadBalancer(targets, options);
  open.push(front);
  return { url: `http://127.0.0.1:${front.port}/`, targets };
}

interface LoadBalancerSettings {
  readonly deregistrationDelayMs?: number;
  readonly answerTimeoutMs?: number;
  readonly learnt?: () => void;
}

async function healthyTarget(targets: Targets, id: number, handle: (response: ServerResponse) => void) {
  const origin = await startOrigin((_, response) => handle(response));
  open.push(origin);
  targets.add(id, `target-${id}`, origin.port).health = 'healthy';
  return origin;
}

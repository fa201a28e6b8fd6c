import { afterEach, expect, test } from 'vitest';
import { watchHealth } from '../../../sandbox/traffic/health.ts';
import { type Target, targetGroup } from '../../../sandbox/traffic/targets.ts';
import { ok, startOrigin } from './origin.ts';

const CHECK = { path: '/health', intervalMs: 5, healthyThreshold: 3, unhealthyThreshold: 2, timeoutMs: 100 };
const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

test('a target that never passes a check is never healthy', async () => {
  const { history, checks } = await watch(() => 500);
  await expect.poll(() => checks()).toBeGreaterThan(5);
  expect(history).toEqual(['unhealthy after 2']);
});

test('one failed check does not make a target unhealthy', async () => {
  const { history, checks } = await watch((check) => (check % 2 === 0 ? 500 : 200));
  await expect.poll(() => checks()).toBeGreaterThan(8);
  expect(history).toEqual(['healthy after 1']);
});

test('a target that does not answer in time fails its check', async () => {
  const { history } = await watch((check) => (check === 1 ? 200 : undefined));
  await expect.poll(() => history).toEqual(['healthy after 1', 'unhealthy after 3']);
});

test('an unhealthy target needs as many passed checks in a row as the threshold says', async () => {
  const { history } = await watch((check) => (check < 3 ? 500 : 200));
  await expect.poll(() => history).toEqual(['unhealthy after 2', 'healthy after 5']);
});

test('a target that refuses connections is unhealthy after as many checks as any other, so users get 502 until then', async () => {
  const origin = await startOrigin(ok);
  const never = observe(origin.port, () => 0, { ...CHECK, unhealthyThreshold: 1_000_000 });
  const { history, target } = observe(origin.port, () => 0, CHECK);
  await expect.poll(() => [target.health, never.target.health]).toEqual(['healthy', 'healthy']);
  await origin.close();
  await expect.poll(() => history).toEqual(['healthy after 0', 'unhealthy after 0']);
  expect(never.history).toEqual(['healthy after 0']);
});

test('checks no target that is gone', async () => {
  const { checks, stop } = await watch(() => 200);
  await expect.poll(() => checks()).toBeGreaterThan(2);
  await stop();
  const before = checks();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(checks()).toBe(before);
});

test('learns the release from the check', async () => {
  const { target } = await watch(() => 200);
  await expect.poll(() => target.release).toBe('tested');
});

/** A target whose health checks are answered with the status of their turn, or not at all. */
async function watch(statusOf: (check: number) => number | undefined) {
  let checks = 0;
  const origin = await startOrigin(ok, (_, response) => {
    checks += 1;
    const status = statusOf(checks);
    if (status) response.writeHead(status, { 'x-release': 'tested' }).end();
  });
  open.push(origin);
  return { checks: () => checks, ...observe(origin.port, () => checks, CHECK) };
}

function observe(port: number, checks: () => number, check: typeof CHECK) {
  const targets = targetGroup({ deregistrationDelayMs: 0 });
  const target: Target = targets.add(1, 'one', port);
  const history: string[] = [];
  const watching = watchHealth(target, check, {
    present: () => targets.has(target),
    changed: () => history.push(`${target.health} after ${checks()}`),
  });
  const stop = async () => {
    await targets.drain(1);
    await watching;
  };
  open.unshift({ close: stop });
  return { target, history, stop };
}

import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { endpointHealth } from '../../../../lib/adapters/http/endpoint-health.ts';
import type { ValidationOf } from '../../../../lib/drill/plan/plan.ts';
import type { Clock } from '../../../../lib/ports/clock.ts';
import type { Drill } from '../../../../lib/ports/drills.ts';
import { memorySecrets } from '../../../fixtures/memory/secrets.ts';
import { nobody, serve } from './servers.ts';

type Health = ValidationOf<'endpoint-health'>;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serving(listener: RequestListener) {
  const served = await serve(listener);
  closing.push(served.close);
  return served;
}

function endpoint(name: string, url: string, parts: Partial<Health['endpoints'][number]> = {}) {
  return { name, method: 'GET' as const, url, headers: {}, expect: { status: [200] }, ...parts };
}

function health(endpoints: Health['endpoints'], parts: Partial<Health> = {}): Health {
  const own = { name: 'up', kind: 'endpoint-health' as const, required: true, secrets: {} };
  return { ...own, endpoints, attempts: 3, intervalMs: 500, timeoutMs: 10_000, ...parts };
}

/** A clock whose sleeps are over at once. */
function quickClock(): Clock {
  let now = Date.parse('2026-11-03T08:00:00Z');
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
}

const SECRETS = memorySecrets({ token: 'b3arer-of-health' });

function judge(validation: Health, clock = quickClock(), signal = new AbortController().signal) {
  return endpointHealth({ clock, secrets: SECRETS })(validation, {} as Drill, signal);
}

test('an endpoint that is healthy now and then fails, and is not asked again', async () => {
  let asked = 0;
  const { url, requests } = await serving((_, response) => {
    asked += 1;
    response.writeHead(asked === 2 ? 503 : 200).end();
  });
  expect(await judge(health([endpoint('front', url)]))).toEqual({
    verdict: 'failed',
    reason: '0 of 1 endpoints healthy 3 times running; front: status 503, allowed 200 (attempt 2 of 3)',
    evidence: ['front: 200 in 0 ms, 503 in 0 ms'],
  });
  expect(requests).toHaveLength(2);
});

test('one endpoint that is down fails, and the others are told all the same', async () => {
  const { url } = await serving((_, response) => response.end('ready'));
  const expected = { status: [200], bodyContains: 'ready' };
  const judged = await judge(
    health([endpoint('down', await nobody()), endpoint('front', url, { expect: expected })], { attempts: 2 }),
  );
  expect(judged).toEqual({
    verdict: 'failed',
    reason: '1 of 2 endpoints healthy 2 times running; down: connection refused (ECONNREFUSED)',
    evidence: ['down: no answer in 0 ms', 'front: 200 in 0 ms, 200 in 0 ms'],
  });
});

test('an endpoint that was not asked is unknown, not healthy', async () => {
  const { url, requests } = await serving((_, response) => response.end());
  expect(await judge(health([endpoint('front', url)]), quickClock(), AbortSignal.abort())).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('front: not asked'),
  });
  expect(await judge(health([endpoint('front', url)], { timeoutMs: 700 }))).toMatchObject({
    verdict: 'unknown',
    reason:
      '0 of 1 endpoints healthy 3 times running; front: not asked, as all of the 700 ms were over (attempt 2 of 3)',
  });
  expect(requests).toHaveLength(2);
});

test('no more than five are asked at a time, and all of them are', async () => {
  let underWay = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const { url, requests } = await serving((_, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    waiting.push(() => {
      underWay -= 1;
      response.end();
    });
    if (waiting.length === 5 || requests.length > 10) for (const answer of waiting.splice(0)) answer();
  });
  const endpoints = Array.from({ length: 12 }, (_, index) => endpoint(`e${index}`, url));
  expect(await judge(health(endpoints, { attempts: 1 }))).toMatchObject({
    verdict: 'passed',
    reason: '12 of 12 endpoints healthy 1 times running',
  });
  expect(most).toBe(5);
});

test('secrets are sent, and shown nowhere', async () => {
  const { url, requests } = await serving((request, response) =>
    response.writeHead(302, { location: `https://${request.headers['x-token']}.example/` }).end(),
  );
  const secrets = { token: { kind: 'secrets-manager', id: 'token' } as const };
  const asked = endpoint('front', url, { headers: { 'x-token': '{{secret:token}}' } });
  const judged = await judge(health([asked], { secrets }));
  expect(requests[0]?.headers['x-token']).toBe('b3arer-of-health');
  expect(judged.reason).toContain('***');
  expect(JSON.stringify(judged)).not.toContain('b3arer-of-health');
});

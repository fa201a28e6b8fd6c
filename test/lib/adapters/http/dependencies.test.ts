import { afterEach, expect, test } from 'vitest';
import { httpDependencies } from '../../../../lib/adapters/http/dependencies.ts';
import { nobody, type Served, serve } from './servers.ts';

let served: Served | undefined;

afterEach(() => served?.close());

const look = httpDependencies({ now: Date.now });
const PAYMENTS = { name: 'payments', headers: {}, expect: { status: [200] }, timeoutMs: 2_000 };

test('a service that nobody answers for is not healthy', async () => {
  expect(await look({ ...PAYMENTS, url: await nobody() })).toEqual({
    name: 'payments',
    failure: 'connection refused (ECONNREFUSED)',
  });
});

test('a service that is too slow is not healthy', async () => {
  served = await serve(() => {});
  const { failure } = await look({ ...PAYMENTS, url: served.url, timeoutMs: 50 });
  expect(failure).toMatch(/^no complete answer after \d+ ms$/);
});

test('a service that answers otherwise than the plan says is not healthy', async () => {
  served = await serve((_, response) => response.writeHead(503).end('{"ok":false}'));
  const url = served.url;
  expect((await look({ ...PAYMENTS, url })).failure).toBe('status 503, allowed 200');
  const text = { status: [503], bodyContains: '"ok":true' };
  expect((await look({ ...PAYMENTS, url, expect: text })).failure).toBe(
    'the body does not contain the expected text',
  );
});

test('a service that answers as the plan says is healthy, and gets the headers of the plan', async () => {
  served = await serve((_, response) => response.end('ok'));
  expect(await look({ ...PAYMENTS, url: served.url, headers: { 'x-key': 'k' } })).toEqual({
    name: 'payments',
    failure: null,
  });
  expect(served.requests[0]?.headers).toMatchObject({
    'x-key': 'k',
    'user-agent': 'rollback-drill-guardrail/1',
  });
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { memoryOrders } from '../../../sandbox/shop/memory-orders.ts';
import { release as healthy } from '../../../sandbox/shop/releases/healthy.ts';
import { release as loginBroken } from '../../../sandbox/shop/releases/login-broken.ts';
import { shopServer } from '../../../sandbox/shop/server.ts';
import { sessions } from '../../../sandbox/shop/sessions.ts';
import { startShoppers } from '../../../sandbox/traffic/shoppers.ts';
import { startOrigin } from './origin.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

test('shoppers who are not let in buy nothing, look at no profile, and come again', async () => {
  const { asked, attempts } = await shopping(loginBroken);
  await expect.poll(() => asked.filter((it) => it === 'POST /login').length).toBeGreaterThan(3);
  expect(new Set(asked)).toEqual(new Set(['GET /', 'GET /catalogue', 'POST /login']));
  expect(new Set(attempts)).toEqual(new Set(['login false']));
});

test('shoppers look around, log in, and buy or look at their profile', async () => {
  const { asked, attempts } = await shopping(healthy);
  await expect.poll(() => asked).toContain('GET /me');
  const pages = ['GET /', 'GET /catalogue', 'POST /login', 'POST /checkout', 'GET /me'];
  expect(new Set(asked)).toEqual(new Set(pages));
  expect(new Set(attempts)).toEqual(new Set(['login true', 'checkout true']));
});

test('shoppers carry on while nothing serves', async () => {
  const { asked, attempts } = await shoppingAt((_, response) => response.writeHead(503).end());
  await expect.poll(() => asked.length).toBeGreaterThan(6);
  expect(new Set(attempts)).toEqual(new Set(['login false']));
});

test('shoppers carry on when connections are cut, and what was not answered is no attempt', async () => {
  const { asked, attempts } = await shoppingAt((_, response) => response.destroy());
  await expect.poll(() => asked.length).toBeGreaterThan(6);
  expect(attempts).toEqual([]);
});

test('shoppers never have more than fifty requests under way, and leave at once when they are told to', async () => {
  const { asked, stop } = await shoppingAt(() => {});
  await expect.poll(() => asked.length).toBe(50);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toHaveLength(50);
  const told = performance.now();
  await stop();
  expect(performance.now() - told).toBeLessThan(1_000);
});

test('shoppers ask nothing any more once they have stopped', async () => {
  const { asked, stop } = await shopping(healthy);
  await expect.poll(() => asked.length).toBeGreaterThan(3);
  await stop();
  const before = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toHaveLength(before);
});

test('shoppers say that they are shoppers', async () => {
  const clients = new Set<string | undefined>();
  const { asked } = await shoppingAt((request, response) => {
    clients.add(request.headers['user-agent']);
    response.end();
  });
  await expect.poll(() => asked.length).toBeGreaterThan(4);
  expect(clients).toEqual(new Set(['shopper']));
});

function shopping(release: typeof healthy) {
  const shop = {
    name: 'tested',
    task: 'task-1',
    release,
    sessions: sessions(() => 'secret'),
    orders: memoryOrders(),
    queue: undefined,
    shows: () => false,
    complain() {},
  };
  const server = shopServer(shop);
  return shoppingAt((request, response) => void server.emit('request', request, response));
}

async function shoppingAt(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const attempts: string[] = [];
  const origin = await startOrigin(handle);
  const shoppers = startShoppers({
    edgeUrl: `http://127.0.0.1:${origin.port}`,
    perSecond: 200,
    answered: (what, succeeded) => attempts.push(`${what} ${succeeded}`),
  });
  open.push({ close: shoppers.stop }, origin);
  return { asked: origin.requests, attempts, stop: shoppers.stop };
}

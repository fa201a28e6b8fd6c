import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { memoryOrders } from '../../../sandbox/shop/memory-orders.ts';
import type { Queue } from '../../../sandbox/shop/queue.ts';
import type { Release } from '../../../sandbox/shop/release.ts';
import { release as bootCrash } from '../../../sandbox/shop/releases/boot-crash.ts';
import { release as checkout5xx } from '../../../sandbox/shop/releases/checkout-5xx.ts';
import { release as dropsConnections } from '../../../sandbox/shop/releases/drops-connections.ts';
import { release as healthy } from '../../../sandbox/shop/releases/healthy.ts';
import { release as healthyNext } from '../../../sandbox/shop/releases/healthy-next.ts';
import { release as quietBug } from '../../../sandbox/shop/releases/quiet-bug.ts';
import { shopServer } from '../../../sandbox/shop/server.ts';
import { sessions } from '../../../sandbox/shop/sessions.ts';

const open: (() => void)[] = [];
const complaints: unknown[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

test('answers 401 to a wrong password, and to a checkout or a profile without a token', async () => {
  const url = await shop('healthy', healthy);
  expect((await post(`${url}/login`, { user: 'ada', password: 'wrong' })).status).toBe(401);
  expect((await post(`${url}/checkout`, { sku: 'mug', quantity: 1 })).status).toBe(401);
  expect((await fetch(`${url}/me`)).status).toBe(401);
});

test.each([
  { sku: 'unknown', quantity: 1 },
  { sku: 'mug', quantity: 0 },
  { sku: 'mug', quantity: 1.5 },
  { sku: 'mug', quantity: 101 },
  {},
])('takes no order for %j', async (order) => {
  const url = await shop('healthy', healthy);
  const { status } = await post(`${url}/checkout`, order, await token(url));
  expect(status).toBe(400);
});

test.each(['{', '"text"', 'null', `"${'x'.repeat(70_000)}"`])(
  'refuses a body that is no small JSON object',
  async (body) => {
    const url = await shop('healthy', healthy);
    expect((await fetch(`${url}/login`, { method: 'POST', body })).status).toBe(400);
  },
);

test('has no other pages, and no page under the names of object members', async () => {
  const url = await shop('healthy', healthy);
  for (const path of ['/admin', '/constructor', '/checkout'])
    expect((await fetch(url + path)).status).toBe(404);
});

test('allows no cache to keep anything but the catalogue and the front page', async () => {
  const url = await shop('healthy', healthy);
  const control = async (path: string) => (await fetch(url + path)).headers.get('cache-control');
  for (const path of ['/health', '/checkout/check', '/me', '/nothing'])
    expect(await control(path)).toBe('no-store');
  expect(await control('/catalogue')).toBe('public, s-maxage=30');
  expect(await control('/')).toBe('public, s-maxage=10');
});

test('checkout-5xx fails every checkout while its health check stays green', async () => {
  const url = await shop('checkout-5xx', checkout5xx);
  const order = await post(`${url}/checkout`, { sku: 'mug', quantity: 1 }, await token(url));
  expect(order.status).toBe(500);
  expect(await order.json()).toEqual({ error: expect.stringContaining('price service') });
  expect((await fetch(`${url}/checkout/check`)).status).toBe(500);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(complaints).toHaveLength(2);
});

test('drops-connections answers nobody but the health check', async () => {
  const url = await shop('drops-connections', dropsConnections);
  await expect(fetch(`${url}/checkout/check`)).rejects.toThrow('fetch failed');
  await expect(fetch(`${url}/catalogue?page=1`)).rejects.toThrow('fetch failed');
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('boot-crash does not get past its boot', () => {
  expect(() => bootCrash.boot()).toThrow('PAYMENT_GATEWAY');
});

test('quiet-bug forgets the tax, and no status code shows it', async () => {
  const url = await shop('quiet-bug', quietBug);
  const order = await post(`${url}/checkout`, { sku: 'mug', quantity: 2 }, await token(url));
  expect(order.status).toBe(201);
  expect(await order.json()).toMatchObject({ totalCents: 2500 });
  expect((await fetch(`${url}/checkout/check`)).status).toBe(200);
});

test.each([
  ['healthy', healthy],
  ['healthy-next', healthyNext],
])('%s sells at the catalogue price plus tax and says its name in every response', async (name, release) => {
  const url = await shop(name, release);
  const { taxPercent, items } = (await (await fetch(`${url}/catalogue`)).json()) as {
    taxPercent: number;
    items: { sku: string; priceCents: number }[];
  };
  const { sku, priceCents } = items[0] ?? { sku: '', priceCents: 0 };
  const order = await post(`${url}/checkout`, { sku, quantity: 2 }, await token(url));
  expect(order.status).toBe(201);
  const totalCents = (2 * priceCents * (100 + taxPercent)) / 100;
  expect(await order.json()).toMatchObject({ orderId: expect.any(String), totalCents });
  for (const path of ['/', '/health', '/nothing', '/me'])
    expect((await fetch(url + path)).headers.get('x-release')).toBe(name);
});

test('an order is placed even if nobody can be told of it', async () => {
  const url = await shop('healthy', healthy, { send: () => Promise.reject(new Error('the queue is gone')) });
  complaints.length = 0;
  expect((await post(`${url}/checkout`, { sku: 'mug', quantity: 1 }, await token(url))).status).toBe(201);
  expect(complaints).toEqual([new Error('the queue is gone')]);
});

async function shop(name: string, release: Release, queue?: Pick<Queue, 'send'>): Promise<string> {
  const server = shopServer({
    name,
    task: 'task-1',
    release,
    sessions: sessions(() => 'secret'),
    orders: memoryOrders(),
    queue,
    shows: () => false,
    complain: (error) => complaints.push(error),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function token(url: string): Promise<string> {
  const response = await post(`${url}/login`, { user: 'ada', password: 'lovelace' });
  return ((await response.json()) as { token: string }).token;
}

function post(url: string, body: object, bearer?: string): Promise<Response> {
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {};
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

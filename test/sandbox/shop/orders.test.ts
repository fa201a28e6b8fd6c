import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenShop, openShop } from './fixtures/shop.ts';

const UNDO = readFileSync(
  new URL('../../../sandbox/shop/migrations/drop-status.undo.sql', import.meta.url),
  'utf8',
);
let shop: OpenShop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

test('an order is shown to nobody but its user, by every task; it is fulfilled once, and what left the shop is counted', async () => {
  const [one, other] = await Promise.all([shop.start('healthy'), shop.start('healthy-next')]);
  const before = new Date();
  const { status, body } = await one.buy();
  expect(status).toBe(201);
  expect((await other.ask(`/orders/${body.orderId}`)).status).toBe(401);
  expect((await other.ask('/orders/none', await one.logIn())).status).toBe(404);

  const order = async () => (await other.ask(`/orders/${body.orderId}`, await one.logIn())).body;
  expect(await order()).toMatchObject({ user: 'ada', sku: 'mug', quantity: 2, totalCents: 3000 });
  await expect.poll(async () => (await order()).status).toBe('paid');
  await expect.poll(() => shop.messages('shop-orders')).toBe(0);
  const counted = await one.ask(`/side-effects?since=${before.toISOString()}`);
  expect(counted.body).toMatchObject({ since: before.toISOString(), counts: { email: 1, payment: 1 } });
  expect((await one.ask(`/side-effects?until=${before.toISOString()}`)).body).toMatchObject({
    counts: { email: 0, payment: 0 },
  });
  expect((await one.ask('/side-effects?since=yesterday')).status).toBe(400);
  expect(await shop.rows('SELECT order_id, amount_cents FROM payments')).toEqual([
    { order_id: body.orderId, amount_cents: 3000 },
  ]);
});

test('without its database the shop takes no orders and its check fails, but it is not restarted; it finds the database again', async () => {
  const task = await shop.start('healthy');
  await shop.database.stop('primary');
  expect((await task.ask('/checkout/check')).status).toBe(500);
  expect((await task.buy()).status).toBe(500);
  expect((await task.ask('/health')).status).toBe(200);
  await shop.database.start('primary');
  expect((await task.ask('/checkout/check')).status).toBe(200);
});

test('drops-column breaks every release, also once it is gone, until its migration is undone; the standby follows', async () => {
  const healthy = await shop.start('healthy');
  const { body } = await healthy.buy();
  const order = async () => (await healthy.ask(`/orders/${body.orderId}`, await healthy.logIn())).body.status;
  await expect.poll(order).toBe('paid');
  const before = await columns();
  const [bad] = await Promise.all([shop.start('drops-column'), shop.start('drops-column')]);
  expect((await bad.ask('/checkout/check')).status).toBe(500);
  bad.process.stop(1_000);
  await bad.process.exited;
  expect((await healthy.ask('/checkout/check')).status).toBe(500);
  expect((await healthy.buy()).body.error).toContain('status');
  expect(await columns()).toContain('promo');
  await expect.poll(() => columns('standby')).toContain('promo');

  await shop.rows(UNDO);
  await shop.rows(UNDO);
  expect((await healthy.ask('/checkout/check')).status).toBe(200);
  expect(await order()).toBe('paid');
  expect((await columns()).toSorted()).toEqual(before.toSorted());
  await expect.poll(() => columns('standby')).toEqual(await columns());
  const next = (await healthy.buy()).body.orderId;
  await expect.poll(() => shop.rows(`SELECT id FROM orders WHERE id = '${next}'`, 'replica')).toHaveLength(1);
});

async function columns(server: 'primary' | 'standby' = 'primary') {
  const sql =
    "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position";
  return (await shop.rows(sql, server)).map(({ column_name }) => column_name);
}

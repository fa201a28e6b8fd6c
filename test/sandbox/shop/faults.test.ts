import { expect, test } from 'vitest';
import { parseFaults } from '../../../sandbox/shop/faults.ts';
import { type OpenShop, openShop } from './fixtures/shop.ts';

const ORPHANS =
  'SELECT count(*)::int FROM orders LEFT JOIN payments ON order_id = orders.id WHERE order_id IS NULL';
const CHARGED_TWICE =
  'SELECT count(*)::int FROM (SELECT FROM payments GROUP BY order_id HAVING count(*) > 1) AS twice';

test('knows no other faults', () => {
  expect(() => parseFaults('endpoint-down,coffee')).toThrow('Received: coffee.');
});

test('a bad release leaves nothing behind, and nothing changes after it, unless a fault says so', async () => {
  await using shop = await openShop();
  const healthy = await shop.start('healthy');
  const token = await healthy.logIn();
  await rollBack(shop);
  await healthy.buy();
  expect(await shop.rows(ORPHANS)).toEqual([{ count: 0 }]);
  expect(await shop.rows(CHARGED_TWICE)).toEqual([{ count: 0 }]);
  expect((await healthy.ask('/stock')).status).toBe(200);
  expect((await healthy.ask('/me', token)).status).toBe(200);
});

test('what a bad release leaves in the data is there as soon as it serves, and stays after it', async () => {
  await using shop = await openShop(['orphaned-orders', 'double-charged']);
  await shop.start('healthy');
  expect(await shop.rows(ORPHANS)).toEqual([{ count: 0 }]);
  await rollBack(shop);
  expect(await shop.rows(ORPHANS)).toEqual([{ count: 1 }]);
  expect(await shop.rows(CHARGED_TWICE)).toEqual([{ count: 1 }]);
});

test('what shows after a rollback does not show before the last task of the bad release is gone', async () => {
  await using shop = await openShop(['endpoint-down', 'sessions-invalid', 'metrics-off-baseline']);
  const healthy = await shop.start('healthy');
  const token = await healthy.logIn();
  const isWell = async () =>
    (await healthy.ask('/stock')).status === 200 && (await healthy.ask('/me', token)).status === 200;
  const bad = await shop.start('checkout-5xx');
  expect(await isWell()).toBe(true);
  bad.process.stop(1_000);
  await expect.poll(async () => (await healthy.ask('/stock')).status).toBe(503);
  expect((await healthy.ask('/me', token)).status).toBe(401);
  expect((await healthy.ask('/me', await healthy.logIn())).status).toBe(200);
  expect((await healthy.ask('/checkout/check')).status).toBe(200);
  const asked = performance.now();
  await healthy.ask('/catalogue');
  expect(performance.now() - asked).toBeGreaterThan(140);
});

test('a consumer that stays bad makes dead letters after the rollback; without it there are none', async () => {
  await using shop = await openShop(['consumer-stays-bad']);
  const healthy = await shop.start('healthy');
  await healthy.buy();
  expect(await shop.messages('shop-orders-dead')).toBe(0);
  await rollBack(shop);
  await expect.poll(() => shop.messages('shop-orders-dead'), { timeout: 20_000 }).toBeGreaterThan(0);
  const consumers = "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'consumer/%'";
  expect(await shop.rows(consumers)).toEqual([{ application_name: 'consumer/checkout-5xx' }]);
});

test('the replicas go wrong only once a bad release has started', async () => {
  await using shop = await openShop(['replica-paused', 'replica-schema-drift']);
  const paused = () => shop.rows('SELECT pg_is_wal_replay_paused() AS paused', 'standby');
  const columns = () =>
    shop.rows("SELECT FROM information_schema.columns WHERE column_name = 'gift'", 'replica');
  await shop.start('healthy');
  expect(await paused()).toEqual([{ paused: false }]);
  expect(await columns()).toHaveLength(0);
  await rollBack(shop);
  await expect.poll(paused).toEqual([{ paused: true }]);
  await expect.poll(columns).toHaveLength(1);
});

async function rollBack(shop: OpenShop): Promise<void> {
  const bad = await shop.start('checkout-5xx');
  bad.process.stop(1_000);
  await bad.process.exited;
}

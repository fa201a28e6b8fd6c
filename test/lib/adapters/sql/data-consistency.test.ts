import { beforeEach, expect, test } from 'vitest';
import { dataConsistency } from '../../../../lib/adapters/sql/data-consistency.ts';
import type { Judgement } from '../../../../lib/drill/validation.ts';
import { ACCOUNTS } from '../../../../sandbox/postgres/settings.ts';
import { before } from '../../../fixtures/validated-drill.ts';
import { databases, sharedTrio } from './trio.ts';

const trio = sharedTrio();
const consistency = dataConsistency(databases);
const ORPHANED = {
  name: 'orphaned-orders',
  sql: 'SELECT o.id FROM orders o LEFT JOIN payments p ON p.order_id = o.id WHERE p.id IS NULL ORDER BY 1;',
};
const ORDERS = { name: 'orders', sql: 'SELECT count(*) FROM orders' };
/** The shop's own role, which could write. */
const WRITER = { credentials: { plain: ACCOUNTS.shop } };

beforeEach(() => trio.run('primary', 'TRUNCATE orders CASCADE'));

test('orders without a payment do not pass; the first of them are shown, by their first column only', async () => {
  const kept = await measured([ORPHANED]);
  const [one, two] = [await order('00'), await order('01')];
  expect(await judged([ORPHANED], kept)).toEqual({
    verdict: 'failed',
    reason: '2 orphaned-orders > 0 allowed; before the drill 0',
    evidence: [`orphaned-orders: 2 rows, the first: ${one}, ${two}`],
  });
});

test('of many rows no more than five are shown, and all are counted', async () => {
  const many = { name: 'many', sql: 'SELECT n, n * 2 FROM generate_series(1, 20000) AS n' };
  expect(await judged([many])).toMatchObject({
    verdict: 'failed',
    reason: '20000 many > 0 allowed',
    evidence: ['many: 20000 rows, the first: 1, 2, 3, 4, 5'],
  });
});

test('data that was lost since before the drill does not pass', async () => {
  await order('00');
  const lost = { ...ORDERS, expect: { atLeast: 'before' } };
  const kept = await measured([lost]);
  await trio.run('primary', 'DELETE FROM orders');
  expect(await judged([lost], kept)).toMatchObject({
    verdict: 'failed',
    reason: 'orders: 0 < 1 before the drill',
  });
});

test.each([
  [{ equals: 0 }, 'orders: 1 ≠ 0 allowed'],
  [{ atMost: 0 }, 'orders: 1 > 0 allowed'],
  [{ atLeast: 2 }, 'orders: 1 < 2 allowed'],
])('one order does not pass where %j is expected', async (expected, reason) => {
  await order('00');
  expect(await judged([{ ...ORDERS, expect: expected }])).toMatchObject({ verdict: 'failed', reason });
});

test.each([
  ['WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone', 'data-modifying statement'],
  ['SELECT 1) AS a; DELETE FROM orders; SELECT (1', 'cannot insert multiple commands'],
  ["SELECT nextval('task_starts_id_seq')", 'cannot execute nextval() in a read-only transaction (25006)'],
  [
    "SELECT set_config('transaction_read_only', 'off', false)",
    'read-write mode must be set before any query (25001)',
  ],
])('no statement writes, also as somebody who may: %s', async (sql, trouble) => {
  await order('00');
  const judgement = await judged([{ name: 'writes', sql }], undefined, WRITER);
  expect(judgement).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining(trouble) });
  expect(await judged([{ ...ORDERS, expect: { equals: 1 } }])).toMatchObject({ verdict: 'passed' });
});

test('a statement that waits for somebody’s lock ends by itself, and proves nothing', async () => {
  const blocked = { name: 'blocked', sql: 'SELECT id FROM orders' };
  const letGo = await trio.hold('primary', 'LOCK TABLE orders');
  expect(await judged([blocked])).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('lock timeout (55P03)'),
  });
  await letGo();
});

test('a statement that takes longer than the validation may ends with it', async () => {
  const slow = { name: 'slow', sql: 'SELECT pg_sleep(30)' };
  const { drill, validation } = trio.drillWith('data-consistency', options([slow]));
  const startedAt = Date.now();
  const judgement = await consistency.judge(validation, drill, AbortSignal.timeout(300));
  expect(judgement).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(/^slow: /) });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test('a statement that could be asked before the drill, and is not understood now, does not pass', async () => {
  const status = { name: 'odd-starts', sql: "SELECT id FROM task_starts WHERE release = ''" };
  const kept = await measured([status]);
  await trio.run('primary', 'ALTER TABLE task_starts RENAME COLUMN release TO name');
  const [judgement, without] = [await judged([status], kept), await judged([status])];
  await trio.run('primary', 'ALTER TABLE task_starts RENAME COLUMN name TO release');
  expect(judgement).toMatchObject({
    verdict: 'failed',
    reason: 'odd-starts: column "release" does not exist (42703); before the drill it could be asked',
  });
  expect(without).toMatchObject({ verdict: 'unknown' });
});

test('nothing is proven by what is no number, or more than one', async () => {
  const text = { name: 'text', sql: "SELECT 'many'", expect: { atMost: 1 } };
  const rows = { name: 'rows', sql: 'VALUES (1), (2)', expect: { equals: 2 } };
  const none = { name: 'none', sql: 'SELECT sum(total_cents) FROM orders', expect: { equals: 0 } };
  expect(await judged([text, rows, none])).toMatchObject({
    verdict: 'unknown',
    reason:
      'text: found "many"; it must find a number; rows: found 2 rows; it must find one, with one number; none: found null; it must find a number',
  });
});

test('a database that cannot be reached proves nothing, and refuses a drill', async () => {
  const nobody = { credentials: { plain: { user: 'nobody', password: 'hush-hush' } } };
  const judgement = await judged([ORPHANED], undefined, nobody);
  expect(judgement).toMatchObject({
    verdict: 'unknown',
    reason: 'orphaned-orders: password authentication failed for user "nobody" (28P01)',
  });
  expect(JSON.stringify(judgement)).not.toContain('hush-hush');
  await expect(measured([ORPHANED], nobody)).rejects.toThrow('password authentication failed');
});

test('data as it must be passes, with the numbers', async () => {
  const notLost = { ...ORDERS, expect: { atLeast: 'before' } };
  const kept = await measured([ORPHANED, notLost]);
  const paid = await order('00');
  await trio.run('primary', `INSERT INTO payments (order_id, amount_cents) VALUES ('${paid}', 1500)`);
  expect(await judged([ORPHANED, notLost], kept)).toEqual({
    verdict: 'passed',
    reason: 'orphaned-orders: 0 rows = 0 allowed; orders: 1 ≥ 0 before the drill',
    evidence: [],
  });
});

async function order(tail: string): Promise<string> {
  const id = `00000000-0000-4000-8000-0000000000${tail}`;
  const insert = `INSERT INTO orders (id, customer, sku, quantity, total_cents) VALUES ('${id}', 'ada', 'mug', 1, 1500)`;
  await trio.run('primary', insert);
  return id;
}

function options(assertions: readonly object[]): string {
  return `assertions: ${JSON.stringify(assertions)}`;
}

async function measured(assertions: readonly object[], changes = {}): Promise<unknown> {
  const { drill, validation } = trio.drillWith('data-consistency', options(assertions), [], changes);
  const found = await consistency.before?.(validation, drill, AbortSignal.timeout(10_000));
  return JSON.parse(JSON.stringify(found));
}

async function judged(assertions: readonly object[], kept?: unknown, changes = {}): Promise<Judgement> {
  const journal = kept === undefined ? [] : [before(kept)];
  const { drill, validation } = trio.drillWith('data-consistency', options(assertions), journal, changes);
  return consistency.judge(validation, drill, AbortSignal.timeout(10_000));
}

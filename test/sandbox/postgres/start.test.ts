import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNTS } from '../../../sandbox/postgres/settings.ts';
import { type DatabasePorts, type Postgres, startPostgres } from '../../../sandbox/postgres/start.ts';

const { shop, reader } = ACCOUNTS;
const told: string[] = [];
const truth = (event: string): void => void told.push(event);
let directory: string;
let postgres: Postgres;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'postgres-'));
  postgres = await startPostgres({ directory, truth });
});
afterAll(async () => {
  await postgres.close();
  rmSync(directory, { recursive: true });
});

test.each([
  { user: 'postgres', password: '' },
  { user: 'postgres', password: 'postgres' },
  { user: shop.user, password: reader.password },
  { user: 'nobody', password: shop.password },
])('lets nobody in as $user with the password "$password"', async (account) => {
  for (const url of [postgres.primaryUrl, postgres.standbyUrl, postgres.replicaUrl])
    await expect(query(url, account, 'SELECT 1')).rejects.toThrow(/password/);
});

test('who reads for a check can change nothing, and sees how far the replicas are', async () => {
  const write = query(postgres.primaryUrl, reader, "UPDATE orders SET status = 'paid'");
  await expect(write).rejects.toThrow('permission denied for table orders');
  await expect(query(postgres.replicaUrl, reader, 'DROP INDEX orders_created_at_idx')).rejects.toThrow(
    'owner',
  );
  const replicas = 'SELECT application_name, state FROM pg_stat_replication ORDER BY 1';
  await expect
    .poll(() => query(postgres.primaryUrl, reader, replicas))
    .toEqual([
      { application_name: 'shop', state: 'streaming' },
      { application_name: 'standby', state: 'streaming' },
    ]);
});

test('an order cannot be written on the standby; one on the primary comes to the standby and to the replica', async () => {
  await expect(placeOrder(postgres.standbyUrl)).rejects.toThrow('read-only transaction');
  const id = await placeOrder(postgres.primaryUrl);
  for (const url of [postgres.standbyUrl, postgres.replicaUrl])
    await expect.poll(() => orders(url)).toContain(id);
});

test('a paused standby does not show a new order, though it can be read, until it is resumed', async () => {
  await postgres.faults.pauseReplica();
  const id = await placeOrder(postgres.primaryUrl);
  await expect.poll(() => orders(postgres.replicaUrl)).toContain(id);
  expect(await orders(postgres.standbyUrl)).not.toContain(id);
  const [{ behind } = {}] = await query(
    postgres.standbyUrl,
    reader,
    'SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::int AS behind',
  );
  expect(behind).toBeGreaterThan(0);
  await postgres.faults.resumeReplica();
  await expect.poll(() => orders(postgres.standbyUrl)).toContain(id);
  expect(told).toEqual(['replica-paused', 'replica-resumed']);
});

test('a replica whose schema has drifted has the orders all the same, and is the same again once it is repaired', async () => {
  const before = await columns(postgres.replicaUrl);
  expect(before).toEqual(await columns(postgres.primaryUrl));
  await postgres.faults.driftReplica();
  const id = await placeOrder(postgres.primaryUrl);
  await expect.poll(() => orders(postgres.replicaUrl)).toContain(id);
  expect(await columns(postgres.replicaUrl)).not.toEqual(before);
  expect(await columns(postgres.standbyUrl)).toEqual(before);
  await postgres.faults.repairReplica();
  expect(await columns(postgres.replicaUrl)).toEqual(before);
});

test('a server that is stopped cannot be reached, and has missed nothing when it is started again', async () => {
  await postgres.faults.stop('standby');
  const id = await placeOrder(postgres.primaryUrl);
  await expect(orders(postgres.standbyUrl)).rejects.toThrow('ECONNREFUSED');
  await postgres.faults.start('standby');
  await expect.poll(() => orders(postgres.standbyUrl)).toContain(id);
});

test('servers end with a sandbox that is killed; the next one has their orders, at the same ports', async () => {
  const killed = mkdtempSync(join(tmpdir(), 'postgres-killed-'));
  const program = fork(join(import.meta.dirname, 'programs/trio.ts'), [killed], { execArgv: [] });
  const [{ primaryUrl, ports }] = (await once(program, 'message')) as [
    { primaryUrl: string; ports: DatabasePorts },
  ];
  const id = await placeOrder(primaryUrl);
  program.kill('SIGKILL');

  const next = await startPostgres({ directory: killed, truth, ports });
  expect(next.ports).toEqual(ports);
  for (const url of [next.primaryUrl, next.standbyUrl, next.replicaUrl])
    await expect.poll(() => orders(url)).toContain(id);
  await next.close();
  await expect(orders(primaryUrl)).rejects.toThrow('ECONNREFUSED');
  rmSync(killed, { recursive: true });
});

test('takes other ports when somebody has one of those of the last time', async () => {
  const other = mkdtempSync(join(tmpdir(), 'postgres-other-'));
  await using elsewhere = await opened(other, { ...postgres.ports, replica: postgres.ports.standby });
  expect(Object.values(postgres.ports)).not.toContain(elsewhere.ports.primary);
  expect(await orders(elsewhere.primaryUrl)).toEqual([]);
});

async function opened(place: string, ports: DatabasePorts) {
  const started = await startPostgres({ directory: place, truth, ports });
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await started.close();
      rmSync(place, { recursive: true });
    },
  };
}

async function placeOrder(url: string): Promise<string> {
  const id = crypto.randomUUID();
  const insert = `INSERT INTO orders (id, customer, sku, quantity, total_cents) VALUES ('${id}', 'ada', 'mug', 1, 1500)`;
  await query(url, shop, insert);
  return id;
}

async function orders(url: string): Promise<unknown[]> {
  return (await query(url, reader, 'SELECT id FROM orders')).map(({ id }) => id);
}

function columns(url: string) {
  return query(
    url,
    reader,
    `SELECT indexdef AS defined FROM pg_indexes WHERE tablename = 'orders'
     UNION SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_name = 'orders'
     ORDER BY 1`,
  );
}

async function query(
  url: string,
  account: { readonly user: string; readonly password: string },
  sql: string,
): Promise<Record<string, unknown>[]> {
  const { hostname, port, pathname } = new URL(url);
  const client = new pg.Client({
    ...account,
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
  });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

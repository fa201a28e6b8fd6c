/**
 * A consumer of a bad release that nobody stops with it: `DATABASE_URL`, `QUEUE_URL`, `RELEASE`. It takes orders and cannot
 * handle them, and asks for what only it would understand, so messages end up as dead letters. There is one at a time, and
 * it ends with the database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { queueAt } from './queue.ts';

const { DATABASE_URL = '', QUEUE_URL = '', RELEASE = '' } = process.env;
const EVERY_MS = 500;
const ONLY_ONE = 20_261_104;

const client = new pg.Client({ connectionString: DATABASE_URL, application_name: `consumer/${RELEASE}` });
client.once('end', () => process.exit(0));
client.once('error', () => process.exit(0));
await client.connect();
const { rows } = await client.query<{ first: boolean }>('SELECT pg_try_advisory_lock($1) AS first', [
  ONLY_ONE,
]);
if (!rows[0]?.first) process.exit(0);

const queue = queueAt(QUEUE_URL);
const forever = new AbortController().signal;
sendForever();
for (;;) await queue.receive(forever).catch(() => sleep(EVERY_MS));

async function sendForever(): Promise<never> {
  for (;;) {
    await queue.send(JSON.stringify({ kind: 'loyalty-points', release: RELEASE })).catch(() => {});
    await sleep(EVERY_MS);
  }
}

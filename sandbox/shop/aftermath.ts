import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { applicationName, type Database } from './database.ts';
import type { ShopFault, Shows } from './faults.ts';

interface AftermathOptions {
  readonly database: Database;
  readonly faults: readonly ShopFault[];
  /** Releases that ran before do not count, epoch milliseconds. */
  readonly sinceMs: number;
  readonly complain: (error: unknown) => void;
}

const LOOK_EVERY_MS = 100;
/** Heard by whoever waits for a bad release. */
export const BAD_RELEASE_CHANNEL = 'bad_release';

/** A bad release has run since, and is gone: the server has no connection of it any more. */
const IS_OVER = `
  WITH bad AS (SELECT DISTINCT release FROM task_starts WHERE is_bad AND at >= $1)
  SELECT EXISTS (SELECT FROM bad) AND NOT EXISTS (
    SELECT FROM bad JOIN pg_stat_activity ON application_name = '${applicationName('')}' || release
  ) AS over`;

/** Looks whether a rollback is over, as often as users would notice, and shows the faults from then on. */
export function showAfterRollback({ database, faults, sinceMs, complain }: AftermathOptions): Shows {
  let over = false;
  const look = async (): Promise<void> => {
    const { rows } = await database.query<{ over: boolean }>(IS_OVER, [new Date(sinceMs)]);
    over = rows[0]?.over ?? false;
  };
  const again = (): void =>
    void setTimeout(() => look().catch(complain).finally(again), LOOK_EVERY_MS).unref();
  again();
  return (fault) => over && faults.includes(fault);
}

const ORPHAN = `
  INSERT INTO orders (id, customer, sku, quantity, total_cents)
  VALUES (gen_random_uuid(), 'ada', 'lamp', 1, 5880)`;
const CHARGED_TWICE = `
  WITH placed AS (
    INSERT INTO orders (id, customer, sku, quantity, total_cents)
    VALUES (gen_random_uuid(), 'ada', 'lamp', 1, 5880)
    RETURNING id, total_cents
  ), paid AS (
    INSERT INTO payments (order_id, amount_cents)
    SELECT id, total_cents FROM placed CROSS JOIN generate_series(1, 2)
    RETURNING order_id
  )
  INSERT INTO side_effects (kind, order_id, release) SELECT 'payment', order_id, $1 FROM paid`;

/** Tells the others that this release has started, and leaves behind what a bad one leaves. */
export async function recordStart(
  database: Database,
  {
    name,
    isBad,
    faults,
  }: { readonly name: string; readonly isBad: boolean; readonly faults: readonly ShopFault[] },
): Promise<void> {
  await database.query('INSERT INTO task_starts (release, is_bad) VALUES ($1, $2)', [name, isBad]);
  if (!isBad) return;
  if (faults.includes('orphaned-orders')) await database.query(ORPHAN);
  if (faults.includes('double-charged')) await database.query(CHARGED_TWICE, [name]);
  if (faults.includes('consumer-stays-bad')) leaveConsumer();
  await database.query('SELECT pg_notify($1, $2)', [BAD_RELEASE_CHANNEL, name]);
}

/** Out of the task's process group: stopping the task does not stop it. It ends when the database does. */
function leaveConsumer(): void {
  spawn(process.execPath, [join(import.meta.dirname, 'stray-consumer.ts')], {
    detached: true,
    stdio: 'ignore',
  }).unref();
}

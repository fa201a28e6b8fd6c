/**
 * One task of the shop as a process: `PORT` (0 for any), `RELEASE`, `SESSION_SECRET`; `DATABASE_URL` and `QUEUE_URL`, without
 * which it keeps its orders to itself; `SHOP_FAULTS` by name, and `SHOP_FAULTS_SINCE` (epoch milliseconds) where anything goes
 * wrong after a bad release.
 * Started with an IPC channel, it tells its parent `{ port }` and ends when the parent does.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseFaults, type ShopFault, type Shows } from './faults.ts';
import { memoryOrders } from './memory-orders.ts';
import type { Orders } from './orders.ts';
import { queueAt } from './queue.ts';
import type { Release } from './release.ts';
import { shopServer } from './server.ts';
import { sessions } from './sessions.ts';
import { startWorker } from './worker.ts';

interface Storage {
  readonly orders: Orders;
  readonly shows: Shows;
}

process.once('disconnect', () => process.exit(0));
await start().catch((error: unknown) => {
  complain(error);
  process.exit(1);
});

async function start(): Promise<void> {
  const name = setting('RELEASE');
  if (!/^[\w-]+$/.test(name)) throw new Error(`RELEASE must be a plain name. Received: ${name}.`);
  const { release }: { release: Release } = await import(`./releases/${name}.ts`);
  const { orders, shows } = await openStorage(name, release);
  release.boot();
  const { QUEUE_URL } = process.env;
  const queue = QUEUE_URL ? queueAt(QUEUE_URL) : undefined;
  const worker = queue && startWorker({ queue, orders, release: name, complain });
  const secret = setting('SESSION_SECRET');
  const server = shopServer({
    name,
    // As a container's host is named after the container.
    task: process.env.HOSTNAME ?? String(process.pid),
    release,
    sessions: sessions(() => (shows('sessions-invalid') ? `${secret}, rotated` : secret)),
    orders,
    queue,
    shows,
    complain,
  });
  serve(server, name);
  process.once('SIGTERM', () => {
    worker?.stop();
    server.close(() => process.exit(0));
    // `close` ends only the connections that are idle now, not those that become idle later.
    setInterval(() => server.closeIdleConnections(), 10);
  });
}

/** The client of the database is imported by tasks that have one: the others start sooner. */
async function openStorage(name: string, release: Release): Promise<Storage> {
  const { DATABASE_URL, SHOP_FAULTS = '', SHOP_FAULTS_SINCE } = process.env;
  if (!DATABASE_URL) return { orders: memoryOrders(), shows: () => false };
  const [{ openDatabase, migrate }, { databaseOrders }] = await Promise.all([
    import('./database.ts'),
    import('./database-orders.ts'),
  ]);
  const database = openDatabase(DATABASE_URL, name, complain);
  const shows = SHOP_FAULTS_SINCE ? await arm(parseFaults(SHOP_FAULTS)) : () => false;
  await migrate(database, release);
  return { orders: databaseOrders(database), shows };

  async function arm(armed: readonly ShopFault[]): Promise<Shows> {
    const { recordStart, showAfterRollback } = await import('./aftermath.ts');
    await recordStart(database, { name, isBad: release.isBad, faults: armed });
    return showAfterRollback({ database, faults: armed, sinceMs: Number(SHOP_FAULTS_SINCE), complain });
  }
}

function serve(server: Server, release: string): void {
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(`release ${release} listens on port ${port}`);
    process.send?.({ port });
  });
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.stack : error);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The shop needs the setting ${name} in its environment.`);
  return value;
}

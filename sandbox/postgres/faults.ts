import type { Truth } from '../truth.ts';
import { type Role, SUPERUSER, serverUrl } from './settings.ts';

/** What goes wrong with the servers, each until it is undone. */
export interface DatabaseFaults {
  /** The standby still receives everything, but shows nothing new. Over as well once the standby starts again. */
  pauseReplica(): Promise<void>;
  resumeReplica(): Promise<void>;
  /** The schema of the replica for reports is no longer that of the primary. */
  driftReplica(): Promise<void>;
  repairReplica(): Promise<void>;
  /** Nobody can reach the server any more. */
  stop(role: Role): Promise<void>;
  start(role: Role): Promise<void>;
}

export interface Servers {
  readonly ports: Readonly<Record<Role, number>>;
  readonly superuserPassword: string;
  readonly truth: Truth;
  stop(role: Role): Promise<void>;
  start(role: Role): Promise<void>;
}

export function databaseFaults(servers: Servers): DatabaseFaults {
  const { truth } = servers;
  return {
    async pauseReplica() {
      await run(servers, 'standby', ['SELECT pg_wal_replay_pause()']);
      truth('replica-paused');
    },
    async resumeReplica() {
      await run(servers, 'standby', ['SELECT pg_wal_replay_resume()']);
      truth('replica-resumed');
    },
    async driftReplica() {
      await run(servers, 'replica', [
        'DROP INDEX IF EXISTS orders_created_at_idx',
        'ALTER TABLE orders ADD COLUMN IF NOT EXISTS gift boolean NOT NULL DEFAULT false',
      ]);
      truth('replica-drifted');
    },
    async repairReplica() {
      await run(servers, 'replica', [
        'ALTER TABLE orders DROP COLUMN IF EXISTS gift',
        'CREATE INDEX IF NOT EXISTS orders_created_at_idx ON orders (created_at)',
      ]);
      truth('replica-repaired');
    },
    async stop(role) {
      await servers.stop(role);
      truth('database-stopped', { role });
    },
    async start(role) {
      await servers.start(role);
      truth('database-started', { role });
    },
  };
}

/** The client is imported by those who use it: a sandbox without such faults starts sooner. */
async function run(
  { ports, superuserPassword }: Servers,
  role: Role,
  statements: readonly string[],
): Promise<void> {
  const { default: pg } = await import('pg');
  const account = { user: SUPERUSER, password: superuserPassword };
  const client = new pg.Client({ connectionString: serverUrl(ports[role], account) });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

import pg from 'pg';
import type { Release } from './release.ts';

/** A task's connections to the shop's database. The server sees of which release they are. */
export type Database = pg.Pool;

const MOST_CONNECTIONS = 3;
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 3_000;
const LOCK_TIMEOUT_MS = 5_000;
/** Of the shop's migrations: tasks that start together do them one after another. */
const MIGRATION_LOCK = 20_261_103;

export function openDatabase(url: string, release: string, complain: (error: unknown) => void): Database {
  const database = new pg.Pool({
    connectionString: url,
    application_name: applicationName(release),
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: QUERY_TIMEOUT_MS,
  });
  // A connection that breaks while nobody uses it is replaced when it is needed.
  database.on('error', complain);
  return database;
}

export function applicationName(release: string): string {
  return `shop/${release}`;
}

/** Runs what the release changes in the schema. Such a change says itself what it does when it is done already. */
export async function migrate(database: Database, { migration }: Pick<Release, 'migration'>): Promise<void> {
  if (migration === undefined) return;
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${LOCK_TIMEOUT_MS}`,
    );
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(migration);
    await client.query('COMMIT');
  } finally {
    // Whatever was not committed ends with its connection.
    client.release(true);
  }
}

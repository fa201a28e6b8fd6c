import pg from 'pg';
import { BAD_RELEASE_CHANNEL } from './aftermath.ts';

/** Acts once, as soon as a task of a bad release has started. `act` must not reject. */
export async function onBadRelease(
  databaseUrl: string,
  act: () => void,
): Promise<{ close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Ends with the database.
  client.on('error', () => {});
  client.once('notification', act);
  await client.connect();
  await client.query(`LISTEN ${BAD_RELEASE_CHANNEL}`);
  return { close: () => client.end().catch(() => {}) };
}

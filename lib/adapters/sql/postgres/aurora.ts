import type { Distance } from '../session.ts';
import type { Connection } from './connection.ts';

/*
 * Readers of Aurora share the storage of their writer and replay no log of their own; how far they are is told in
 * milliseconds. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora_replica_status.html
 */

export async function isAurora(connection: Connection): Promise<boolean> {
  const [row] = await connection.all(`SELECT to_regprocedure('aurora_replica_status()') IS NOT NULL AS yes`);
  return row?.yes === true;
}

/** Now, on the clock of the writer. */
export async function auroraPlace(connection: Connection): Promise<string> {
  const [row] = await connection.all('SELECT clock_timestamp()::text AS place');
  return String(row?.place);
}

/** A reader that is so many milliseconds behind has everything that is older. */
export async function auroraDistance(connection: Connection, place: string): Promise<Distance> {
  const [row] = await connection.all(
    `SELECT clock_timestamp() - replica_lag_in_msec * interval '1 millisecond' AS reached,
       clock_timestamp() - replica_lag_in_msec * interval '1 millisecond' >= $1::timestamptz AS there
     FROM aurora_replica_status() WHERE server_id = aurora_db_instance_identifier()`,
    [place],
  );
  if (!row) throw new Error('aurora_replica_status() does not tell of it');
  const { reached, there } = row;
  return {
    isThere: there === true,
    bytes: null,
    lastChangeAt: reached instanceof Date ? reached.toISOString() : null,
    note: '',
  };
}

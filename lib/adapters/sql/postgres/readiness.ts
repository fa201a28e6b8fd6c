import type { Occupant, ServerIdentity } from '../../../drill/guardrails/databases.ts';
import { isAurora } from './aurora.ts';
import type { Connection, Row } from './connection.ts';

/** What the server says that it is. */
export async function identityOf(connection: Connection): Promise<Omit<ServerIdentity, 'name' | 'kind'>> {
  const [row] = await connection.all(
    'SELECT current_database() AS database, pg_is_in_recovery() AS recovering',
  );
  return {
    database: String(row?.database),
    isReplica: row?.recovering === true,
    system: await systemOf(connection).catch(() => null),
  };
}

/** Sessions that are in a transaction for a second or more, or wait for a lock, or may not be looked at. */
export async function occupantsOf(connection: Connection): Promise<readonly Occupant[]> {
  return (await connection.all(OCCUPANTS_QUERY)).map((row) => ({
    who: String(row.who).replace(/\s+/g, ' '),
    transactionMs: millisecondsIn(row, 'open_ms'),
    lockWaitMs: millisecondsIn(row, 'waits_ms'),
    isHidden: row.hidden === true,
  }));
}

/** Readers of Aurora share one storage; what tells their cluster from another is which instance writes it. */
async function systemOf(connection: Connection): Promise<string | null> {
  const query = (await isAurora(connection))
    ? `SELECT server_id::text AS system FROM aurora_replica_status() WHERE session_id = 'MASTER_SESSION_ID'`
    : 'SELECT system_identifier::text AS system FROM pg_control_system()';
  const [row] = await connection.all(query);
  return typeof row?.system === 'string' ? row.system : null;
}

const MILLISECONDS = (since: string) => `(extract(epoch FROM clock_timestamp() - ${since}) * 1000)::float8`;

/** Since when a lock is waited for is told since PostgreSQL 14; before, since when the statement runs. */
const OCCUPANTS_QUERY = `SELECT format('session %s (%s)', a.pid, left(coalesce(nullif(a.application_name, ''), a.usename, '?'), 60)) AS who,
    ${MILLISECONDS('a.xact_start')} AS open_ms, ${MILLISECONDS('w.since')} AS waits_ms,
    coalesce(a.query = '<insufficient privilege>', false) AS hidden
  FROM pg_stat_activity a
  LEFT JOIN LATERAL (
    SELECT min(coalesce((to_jsonb(l) ->> 'waitstart')::timestamptz, a.query_start)) AS since
    FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted
  ) w ON true
  WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
    AND (a.query = '<insufficient privilege>' OR a.backend_type = 'client backend'
      AND (w.since IS NOT NULL OR a.xact_start < clock_timestamp() - interval '1 second'))
  UNION ALL
  SELECT format('prepared transaction %s', left(gid, 60)), ${MILLISECONDS('prepared')}, NULL, false
  FROM pg_prepared_xacts WHERE database = current_database()
  ORDER BY 2 DESC NULLS LAST LIMIT 1000`;

function millisecondsIn(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? Math.max(0, Math.round(value)) : null;
}

import type { Follower } from '../../../drill/validations/missing-replica.ts';
import type { SchemaObject } from '../../../drill/validations/schema.ts';
import type { Dialect, Distance, Rows, Session } from '../session.ts';
import { auroraDistance, auroraPlace, isAurora } from './aurora.ts';
import { type Connection, connect, type Row } from './connection.ts';
import { identityOf, occupantsOf } from './readiness.ts';
import { SCHEMA_QUERY } from './schema-query.ts';

const MOST_FIRST_ROWS = 5;

/** PostgreSQL 13 and later: on RDS, as Aurora, or anywhere else. */
export const postgres: Dialect = {
  async connect(to): Promise<Session> {
    const connection = await connect(to);
    return {
      isReplica: async () => (await one(connection, 'SELECT pg_is_in_recovery() AS yes')).yes === true,
      schema: () => schemaOf(connection),
      rowsOf: (sql, values = []) => rowsOf(connection, sql, values),
      place: () => placeOf(connection),
      distance: (kind, place) => distanceOf(connection, kind, place),
      followers: () => followersOf(connection),
      receives: () => receives(connection),
      identity: () => identityOf(connection),
      occupants: () => occupantsOf(connection),
      end: () => connection.end(),
    };
  },
};

/** Without a search path, every name is written with its schema. */
async function schemaOf(connection: Connection): Promise<readonly SchemaObject[]> {
  await connection.set('search_path = pg_catalog');
  const rows = await connection.all(SCHEMA_QUERY);
  await connection.set('search_path = DEFAULT');
  return rows.map(({ kind, name, definition }) => ({
    kind: String(kind),
    name: String(name),
    definition: String(definition),
  }));
}

/** As a sub-select it can be nothing but one statement that reads; of long values only the beginning is transferred. */
async function rowsOf(connection: Connection, sql: string, values: readonly string[]): Promise<Rows> {
  const statement = sql.replace(/[;\s]+$/, '');
  const value = 'left((SELECT value FROM json_each_text(row_to_json(found)) LIMIT 1), 200)';
  const counted = `SELECT ${value} AS value FROM (\n${statement}\n) AS found`;
  const { rows, first } = await connection.counted(counted, values, MOST_FIRST_ROWS);
  return { rows, first: first.map((row) => textIn(row, 'value')) };
}

/** What is written there survives a crash: a standby gets no more. */
async function placeOf(connection: Connection): Promise<string> {
  if (await isAurora(connection)) return auroraPlace(connection);
  return textIn(await one(connection, 'SELECT pg_current_wal_flush_lsn()::text AS place'), 'place') ?? '';
}

async function distanceOf(
  connection: Connection,
  kind: 'physical' | 'logical',
  place: string,
): Promise<Distance> {
  if (kind === 'logical') return subscriptionDistance(connection, place);
  return (await isAurora(connection))
    ? auroraDistance(connection, place)
    : standbyDistance(connection, place);
}

/** Places are compared, not times: the time of the last change tells nothing while the primary is idle. */
async function standbyDistance(connection: Connection, place: string): Promise<Distance> {
  const row = await one(
    connection,
    `SELECT pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn())::float8 AS bytes,
       pg_last_xact_replay_timestamp() AS changed,
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused`,
    [place],
  );
  const isPaused = row.paused === true;
  const distance = distanceFrom(row, isPaused ? 'its replay is paused' : '');
  // It may have nothing left to replay now; what comes next it will not have.
  return isPaused ? { ...distance, isThere: false } : distance;
}

/** What a subscription has told its primary to have got: everything before that is applied. */
async function subscriptionDistance(connection: Connection, place: string): Promise<Distance> {
  const rows = await connection.all(
    `SELECT s.subname AS name, s.subenabled AS enabled, max(t.pid) IS NOT NULL AS running,
       pg_wal_lsn_diff($1::pg_lsn, max(t.latest_end_lsn))::float8 AS bytes, max(t.latest_end_time) AS changed
     FROM pg_subscription s LEFT JOIN pg_stat_subscription t ON t.subid = s.oid AND t.relid IS NULL
     WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     GROUP BY s.oid, s.subname, s.subenabled ORDER BY bytes DESC NULLS FIRST`,
    [place],
  );
  const [furthest] = rows;
  if (!furthest) throw new Error('it has no subscription, so nothing tells how far it is');
  const state = furthest.enabled === true ? 'does not run' : 'is disabled';
  return distanceFrom(
    furthest,
    furthest.running === true ? '' : `its subscription ${textIn(furthest, 'name')} ${state}`,
  );
}

function distanceFrom({ bytes, changed }: Row, note: string): Distance {
  const known = typeof bytes === 'number';
  return {
    isThere: known && bytes <= 0,
    bytes: known ? Math.max(0, bytes) : null,
    lastChangeAt: changed instanceof Date ? changed.toISOString() : null,
    note,
  };
}

/**
 * Who may not see the state of another's session sees that there is one. Several subscriptions of one host are one follower,
 * and what is under way for a moment is none: a backup, the first copy of a table.
 */
const FOLLOWERS_QUERY = `SELECT kind, max(name) AS name, connected FROM (
    SELECT coalesce(s.slot_type, 'physical') AS kind, coalesce(s.slot_name::text, nullif(r.application_name, '')) AS name,
      true AS connected, coalesce(host(r.client_addr), r.pid::text) AS peer
    FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
    WHERE coalesce(r.state, 'streaming') = 'streaming' AND s.temporary IS NOT TRUE
      AND coalesce(s.database, current_database()) = current_database()
      AND coalesce(s.slot_name, '') NOT LIKE 'pg\\_%\\_sync\\_%'
    UNION ALL
    SELECT slot_type, slot_name::text, false, slot_name::text FROM pg_replication_slots
    WHERE NOT active AND NOT temporary AND coalesce(database, current_database()) = current_database()
  ) AS followers GROUP BY kind, connected, peer ORDER BY kind, name`;

async function followersOf(connection: Connection): Promise<readonly Follower[] | null> {
  if (await isAurora(connection)) return null;
  return (await connection.all(FOLLOWERS_QUERY)).map((row) => ({
    kind: row.kind === 'logical' ? 'logical' : 'physical',
    name: textIn(row, 'name'),
    isConnected: row.connected === true,
  }));
}

async function receives(connection: Connection): Promise<boolean | null> {
  if (await isAurora(connection)) return null;
  return (await one(connection, 'SELECT EXISTS (SELECT FROM pg_stat_wal_receiver) AS yes')).yes === true;
}

async function one(connection: Connection, sql: string, values: readonly string[] = []): Promise<Row> {
  return (await connection.all(sql, values))[0] ?? {};
}

function textIn(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

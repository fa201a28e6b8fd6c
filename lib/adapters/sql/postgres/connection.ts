import { Socket } from 'node:net';
import pg from 'pg';
import type { Connecting } from '../session.ts';
import { DatabaseTrouble, troubleOf } from '../trouble.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Limits {
  readonly rows: number;
  readonly characters: number;
}

/** A connection to one server that can only read. */
export interface Connection {
  /** `NAME = VALUE`, for this session. */
  set(setting: string): Promise<void>;
  /** Everything that a query finds, within limits. */
  all(sql: string, values?: readonly string[], limits?: Limits): Promise<readonly Row[]>;
  /** The first rows of what one statement finds, and how many there are in all. Nothing else is transferred. */
  counted(
    sql: string,
    values: readonly string[],
    first: number,
  ): Promise<{ first: readonly Row[]; rows: number }>;
  end(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 20_000;
const LOCK_TIMEOUT_MS = 2_000;
const IDLE_TIMEOUT_MS = 60_000;
const BATCH_ROWS = 500;
const LIMITS: Limits = { rows: 50_000, characters: 16_000_000 };

/**
 * The transactions of the session cannot write, and statements end by themselves on the server. Names and constants are
 * written alike on every server, whatever its settings and those of the user are.
 */
const SETTINGS = [
  'default_transaction_read_only = on',
  `statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
  `lock_timeout = ${LOCK_TIMEOUT_MS}`,
  `idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
  "TimeZone = 'UTC'",
  "DateStyle = 'ISO, YMD'",
  "IntervalStyle = 'postgres'",
  'extra_float_digits = 1',
  "bytea_output = 'hex'",
];

/** Throws a DatabaseTrouble, here and later. */
export async function connect(to: Connecting): Promise<Connection> {
  const guarded = guard([to.password]);
  to.signal.throwIfAborted();
  const socket = new Socket();
  const stop = () => socket.destroy(new DatabaseTrouble('no answer in the time that the validation has'));
  to.signal.addEventListener('abort', stop, { once: true });
  const client = clientOf(to, socket);
  // What breaks a connection that nobody waits for is told by the next query.
  client.on('error', () => {});
  const end = async () => {
    to.signal.removeEventListener('abort', stop);
    await client.end().catch(() => {});
    socket.destroy();
  };
  try {
    await guarded(() => client.connect());
    await guarded(() => client.query(SETTINGS.map((setting) => `SET ${setting}`).join('; ')));
  } catch (error) {
    await end();
    throw error;
  }
  const inTurn = turns();
  return {
    set: async (setting) => void (await inTurn(() => guarded(() => client.query(`SET ${setting}`)))),
    all: (sql, values = [], limits = LIMITS) =>
      inTurn(() => guarded(() => reading(client, sql, values, () => fetchAll(client, limits)))),
    counted: (sql, values, first) =>
      inTurn(() => guarded(() => reading(client, sql, values, () => fetchFirst(client, first)))),
    end,
  };
}

/** A session has one transaction at a time: who comes meanwhile waits. */
function turns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };
}

function clientOf({ host, port, user, password, database, tls }: Connecting, socket: Socket): pg.Client {
  return new pg.Client({
    host,
    port,
    user,
    password,
    database,
    stream: () => socket,
    // The certificate must be that of the host. Those of RDS are known by NODE_EXTRA_CA_CERTS.
    ssl: tls === 'off' ? false : { rejectUnauthorized: true },
    application_name: 'rollback-drill',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
}

/** A cursor in a transaction of its own, so that large answers come in parts, or not at all. */
async function reading<Answer>(
  client: pg.Client,
  sql: string,
  values: readonly string[],
  read: () => Promise<Answer>,
): Promise<Answer> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await client.query(single(`DECLARE found NO SCROLL CURSOR FOR ${sql}`, values));
    return await read();
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}

/** In the extended protocol the server refuses a text with a second statement. */
function single(text: string, values: readonly string[]): pg.QueryConfig {
  const query = { text, values: [...values], queryMode: 'extended' };
  return query;
}

async function fetchAll(client: pg.Client, { rows: mostRows, characters }: Limits): Promise<readonly Row[]> {
  const found: Row[] = [];
  let size = 0;
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(`FETCH FORWARD ${BATCH_ROWS} FROM found`);
    found.push(...rows);
    size += JSON.stringify(rows).length;
    if (found.length > mostRows)
      throw new DatabaseTrouble(`more than ${mostRows} rows; at most ${mostRows} are read`);
    if (size > characters)
      throw new DatabaseTrouble(`more than ${characters} characters; at most so many are read`);
    if (rows.length < BATCH_ROWS) return found;
  }
}

async function fetchFirst(client: pg.Client, most: number): Promise<{ first: readonly Row[]; rows: number }> {
  const { rows: first } = await client.query<Record<string, unknown>>(`FETCH FORWARD ${most} FROM found`);
  const { rowCount } = await client.query('MOVE FORWARD ALL FROM found');
  return { first, rows: first.length + (rowCount ?? 0) };
}

function guard(secrets: readonly string[]) {
  return async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await act();
    } catch (error) {
      throw troubleOf(error, secrets);
    }
  };
}

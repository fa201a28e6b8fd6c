import { Stream } from 'node:stream';
import type { BatchOperation, Range } from 'dynalite/db/index.js';
import { type Database, part, within } from './database.ts';

export interface Hooks {
  /** Commits changes, or keeps them for later and returns nothing. */
  write(changes: readonly BatchOperation[]): Promise<void> | undefined;
  /** Ends the request that the store was made for. */
  fail(error: unknown): void;
  /** Hears of each item that is read by its key. */
  read?(place: string, item: unknown): void;
}

export type Store = ReturnType<typeof storeOn>;

type Callback = (error?: unknown, value?: unknown) => void;

/**
 * The store that dynalite's actions work on. It is ours for three reasons: what an action writes can be staged, so that
 * several actions become one atomic batch; an exception in any of dynalite's callbacks ends that one request, never the
 * process; and a part of the database is cleared or listed by its prefix instead of by reading every key there is.
 */
export function storeOn(database: Database, { write, fail, read }: Hooks) {
  const { level } = database;

  return {
    options: database.options,
    tableDb: { ...subDb(part.tables), ...database.tableDb },
    getTable,
    getItemDb: (table: string) => subDb(part.items(table)),
    getTagDb: (table: string) => subDb(part.tags(table)),
    getIndexDb: (kind: string, table: string, index: string) => subDb(part.index(kind, table, index)),
    deleteItemDb: (table: string, done: Callback) => clear(part.items(table), done),
    deleteTagDb: (table: string, done: Callback) => clear(part.tags(table), done),
    deleteIndexDb: (kind: string, table: string, index: string, done: Callback) =>
      clear(part.index(kind, table, index), done),
  };

  /** Callers that leave `checkStatus` out want a table that is ready: to them one that comes or goes does not exist. */
  function getTable(name: string, checkStatus: boolean | Callback, callback?: Callback) {
    const done = typeof checkStatus === 'function' ? checkStatus : callback;
    const table = level.getSync(part.tables + name);
    const found = hasStatus(table) && !(checkStatus && /^(CREATING|DELETING)$/.test(table.TableStatus));
    if (found) return done?.(null, table);
    return done?.(tableNotFound(name, checkStatus === false));
  }

  function subDb(prefix: string) {
    return {
      get: (key: string, done: Callback) => {
        const value = level.getSync(prefix + key);
        read?.(prefix + key, value);
        done(null, value);
      },
      put: (key: string, value: unknown, done: Callback) =>
        commit([{ type: 'put', key: prefix + key, value }], done),
      del: (key: string, done: Callback) => commit([{ type: 'del', key: prefix + key }], done),
      batch: (operations: readonly BatchOperation[], done: Callback) =>
        commit(
          operations.map((operation) => ({ ...operation, key: prefix + operation.key })),
          done,
        ),
      // Writes already run one at a time, so dynalite's own locks have nothing left to do.
      lock: (_key: string, run: (release: (done: Callback) => Callback) => void) => run((done) => done),
      createKeyStream: (range?: Range) =>
        streamOf(level.keys(within(prefix, range)), (key: string) => key.slice(prefix.length)),
      createValueStream: (range?: Range) => streamOf(level.values(within(prefix, range)), (value) => value),
    };
  }

  function commit(operations: readonly BatchOperation[], done: Callback) {
    const written = write(operations);
    if (written) settle(written, done);
    else done(null);
  }

  function clear(prefix: string, done: Callback) {
    settle(level.clear(within(prefix)), done);
  }

  function settle(work: Promise<void>, done: Callback) {
    work.then(() => done(null), done).catch(fail);
  }

  /** dynalite's `lazy` listens to what it recognises as a Stream; a plain emitter would deliver everything twice. */
  function streamOf<T, U>(rows: Rows<T>, map: (row: T) => U): Stream {
    let wanted = true;
    const stream = Object.assign(new Stream(), {
      destroy: () => {
        wanted = false;
      },
    });
    pump().catch(fail);
    return stream;

    async function pump() {
      try {
        for (let chunk = await rows.nextv(100); wanted && chunk.length > 0; chunk = await rows.nextv(100)) {
          for (const row of chunk) if (wanted) stream.emit('data', map(row));
        }
        if (wanted) stream.emit('end');
      } finally {
        await rows.close();
      }
    }
  }
}

interface Rows<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

function hasStatus(table: unknown): table is { TableStatus: string } {
  return typeof table === 'object' && table !== null && 'TableStatus' in table;
}

/** Shaped like dynalite's own errors. */
function tableNotFound(name: string, tellName: boolean) {
  const message = `Requested resource not found${tellName ? `: Table: ${name} not found` : ''}`;
  return Object.assign(new Error(message), {
    statusCode: 400,
    body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message },
  });
}

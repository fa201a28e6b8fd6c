import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type Databases, sqlDatabases } from '../../../../lib/adapters/sql/databases.ts';
import type { Entry } from '../../../../lib/drill/entry.ts';
import type { Database, ValidationOf } from '../../../../lib/drill/plan/plan.ts';
import type { ValidationKind } from '../../../../lib/drill/validation.ts';
import type { Drill } from '../../../../lib/ports/drills.ts';
import { ACCOUNTS } from '../../../../sandbox/postgres/settings.ts';
import { type Postgres, startPostgres } from '../../../../sandbox/postgres/start.ts';
import { validatedDrill } from '../../../fixtures/validated-drill.ts';

export type Where = 'primary' | 'standby' | 'replica';

/** A real primary with a standby and a logical replica, for all tests of a file. */
export interface Trio {
  readonly postgres: Postgres;
  /** A restored drill of a plan whose database `shop` is this; `changes` replace what the plan says of it. */
  drillWith<Kind extends ValidationKind>(
    kind: Kind,
    options: string,
    journal?: readonly Entry[],
    changes?: object,
  ): { readonly drill: Drill; readonly validation: ValidationOf<Kind> };
  database(changes?: object): Database;
  /** Runs as the shop's own role. */
  run(where: Where, sql: string): Promise<void>;
  /** The same in a transaction that stays open until it is let go. */
  hold(where: Where, sql: string): Promise<() => Promise<void>>;
}

/** Credentials stand in the plan, as in the sandbox. */
export const databases: Databases = sqlDatabases(
  async () => ({ kind: 'missing', reason: 'there are no secrets' }),
  async () => 'no token',
);

export function sharedTrio(): Trio {
  let directory = '';
  let postgres: Postgres | undefined;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sql-'));
    postgres = await startPostgres({ directory, truth: () => {} });
  }, 60_000);
  afterAll(async () => {
    await postgres?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const started = (): Postgres => {
    if (!postgres) throw new Error('the servers run only within tests');
    return postgres;
  };
  const drillWith: Trio['drillWith'] = (kind, options, journal = [], changes = {}) => {
    const shop = JSON.stringify({ ...databaseAt(started()), ...changes });
    return validatedDrill(
      kind,
      `database: shop, ${options}`,
      journal,
      ['environment: test', 'environment: sandbox'],
      ['detectWithin: 2m', `databases: { shop: ${shop} }\ndetectWithin: 2m`],
    );
  };
  return {
    get postgres() {
      return started();
    },
    drillWith,
    database(changes = {}) {
      const { drill } = drillWith('replica-schema', 'required: true', [], changes);
      return drill.plan.databases.shop as Database;
    },
    run: async (where, sql) => (await runAt(started().ports[where], sql))(),
    hold: (where, sql) => runAt(started().ports[where], `BEGIN; ${sql}`),
  };
}

function databaseAt({ ports }: Postgres): object {
  const host = '127.0.0.1';
  return {
    dialect: 'postgres',
    host,
    port: ports.primary,
    database: 'shop',
    tls: 'off',
    credentials: { plain: ACCOUNTS.reader },
    replicas: [
      { name: 'standby', host, port: ports.standby, kind: 'physical' },
      { name: 'reports', host, port: ports.replica, kind: 'logical' },
    ],
  };
}

/** Answers with what ends the session. */
async function runAt(port: number, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ ...ACCOUNTS.shop, host: '127.0.0.1', port, database: 'shop' });
  await client.connect();
  try {
    await client.query(sql);
  } catch (error) {
    await client.end();
    throw error;
  }
  return () => client.end();
}

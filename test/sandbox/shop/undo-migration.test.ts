import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLambda } from '../../../sandbox/lambda/service.ts';
import { ACCOUNTS, serverUrl } from '../../../sandbox/postgres/settings.ts';
import { type Postgres, startPostgres } from '../../../sandbox/postgres/start.ts';
import { type Database, migrate, openDatabase } from '../../../sandbox/shop/database.ts';
import { shopFunctions } from '../../../sandbox/shop/functions.ts';
import { release } from '../../../sandbox/shop/releases/drops-column.ts';

let directory: string;
let postgres: Postgres;
let database: Database;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'undo-'));
  postgres = await startPostgres({ directory, truth: () => {} });
  database = openDatabase(databaseUrl(), 'test', () => {});
});
afterAll(async () => {
  await database.end();
  await postgres.close();
  rmSync(directory, { recursive: true });
});

test('the undo of the team takes back what drops-column did, and changes nothing when it is run again', async () => {
  const before = await columns();
  await migrate(database, release);
  expect(await columns()).not.toEqual(before);
  const lambda = startLambda({
    functions: shopFunctions({ DATABASE_URL: databaseUrl() }),
    logDirectory: join(directory, 'logs'),
  });
  const asked = { drillId: 'drill-1', round: 1, reason: 'rollback-drill' };
  for (const _ of ['once', 'twice']) {
    expect(await lambda.invoke('shop-undo-migration', asked)).toEqual({
      kind: 'result',
      payload: { undone: ['drop-status.undo.sql'] },
    });
    expect(await columns()).toEqual(before);
  }
  await lambda.close();
});

async function columns(): Promise<readonly string[]> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'orders' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

function databaseUrl(): string {
  return serverUrl(postgres.ports.primary, ACCOUNTS.shop);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase, part, within } from '../../../sandbox/dynamodb/database.ts';
import { finishTables } from '../../../sandbox/dynamodb/tables.ts';

let directory: string;
let database: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  database = await openDatabase(directory);
});
afterAll(async () => {
  await database.level.close();
  await rm(directory, { recursive: true, force: true });
});

test('a table that was coming when the process was killed is ready, one that was going is gone', async () => {
  const index = { IndexName: 'feed', IndexStatus: 'CREATING' };
  await database.level.batch([
    stored('coming', { TableStatus: 'CREATING', GlobalSecondaryIndexes: [index] }),
    stored('going', { TableStatus: 'DELETING' }),
    stored('going-on', { TableStatus: 'ACTIVE' }),
    { type: 'put', key: `${part.items('going')}key`, value: {} },
    { type: 'put', key: `${part.index('Global', 'going', 'feed')}key`, value: {} },
    { type: 'put', key: `${part.items('going-on')}key`, value: {} },
  ]);
  await finishTables(database);
  expect(await database.level.values(within(part.tables)).all()).toEqual([
    {
      TableName: 'coming',
      TableStatus: 'ACTIVE',
      GlobalSecondaryIndexes: [{ IndexName: 'feed', IndexStatus: 'ACTIVE' }],
    },
    { TableName: 'going-on', TableStatus: 'ACTIVE' },
  ]);
  expect(await database.level.keys({ lt: part.tables }).all()).toEqual([`${part.items('going-on')}key`]);
});

test('refuses a directory that is open already', async () => {
  await expect(openDatabase(directory)).rejects.toThrow();
});

function stored(TableName: string, table: object) {
  return { type: 'put' as const, key: part.tables + TableName, value: { TableName, ...table } };
}

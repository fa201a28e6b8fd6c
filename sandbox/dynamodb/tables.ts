import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOperation } from 'dynalite/db/index.js';
import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { type Database, part, within } from './database.ts';
import { type OperationName, run } from './engine.ts';

interface Table {
  TableName: string;
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexStatus: string }[];
}

const SETTLE_LIMIT_MS = 5_000;
const SETTLE_STEP_MS = 1;

/**
 * Creates, updates or deletes a table and answers once it is done, with the status that AWS would show meanwhile.
 * A client's first look then finds the table ready; its waiters would otherwise sleep for 20 seconds.
 */
export async function changeTable(
  database: Database,
  name: OperationName,
  input: JsonObject,
): Promise<JsonObject> {
  const answer = structuredClone(await run(database, name, input));
  const table = String(input.TableName);
  for (let waitedMs = 0; waitedMs < SETTLE_LIMIT_MS; waitedMs += SETTLE_STEP_MS) {
    if (isSettled(tableOf(database, table))) break;
    await sleep(SETTLE_STEP_MS);
  }
  if (name === 'DeleteTable') await database.level.batch([{ type: 'del', key: part.settings + table }]);
  return answer;
}

/** Finishes what a kill interrupted: a table that was coming is ready, one that was going is gone. */
export async function finishTables(database: Database): Promise<void> {
  const tables = (await database.level.values(within(part.tables)).all()) as Table[];
  for (const table of tables) {
    if (table.TableStatus === 'DELETING') await erase(database, table.TableName);
    else if (!isSettled(table)) await database.level.batch([ready(table)]);
  }
}

/** Throws `ResourceNotFoundException`, or what else the caller's operation calls it. */
export function requireTable(
  database: Database,
  input: JsonObject,
  code = 'ResourceNotFoundException',
): string {
  const name = String(input.TableName ?? '');
  if (tableOf(database, name)) return name;
  throw new AwsError(code, `Requested resource not found: Table: ${name} not found`);
}

function tableOf(database: Database, name: string): Table | undefined {
  return database.level.getSync(part.tables + name) as Table | undefined;
}

function isSettled(table: Table | undefined): boolean {
  if (!table) return true;
  const indexes = table.GlobalSecondaryIndexes ?? [];
  return table.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
}

function ready(table: Table): BatchOperation {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  const value = {
    ...table,
    TableStatus: 'ACTIVE',
    ...(indexes ? { GlobalSecondaryIndexes: indexes } : {}),
  };
  return { type: 'put', key: part.tables + table.TableName, value };
}

async function erase(database: Database, table: string): Promise<void> {
  const prefixes = [
    part.items(table),
    part.tags(table),
    part.indexes('local', table),
    part.indexes('global', table),
  ];
  for (const prefix of prefixes) await database.level.clear(within(prefix));
  await database.level.batch([
    { type: 'del', key: part.settings + table },
    { type: 'del', key: part.tables + table },
  ]);
}

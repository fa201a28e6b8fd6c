import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoint, jsonEndpoint, type Operation } from '../aws/protocol.ts';
import { type Database, openDatabase } from './database.ts';
import { type OperationName, operationNames, run } from './engine.ts';
import {
  describeContinuousBackups,
  describeTimeToLive,
  updateContinuousBackups,
  updateTimeToLive,
} from './settings.ts';
import { changeTable, finishTables } from './tables.ts';
import { type Tokens, tokensIn } from './tokens.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';
import { type InTurn, turns } from './turns.ts';
import { writeItems } from './writes.ts';

export interface DynamoDb {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

/**
 * DynamoDB on disk: dynalite's tables, items and expressions, with transactions and item-wise atomicity of our own.
 * Everything acknowledged survives SIGKILL. Rejects when another process has the directory open.
 */
export async function startDynamoDb(options: { directory: string; now?: () => number }): Promise<DynamoDb> {
  mkdirSync(options.directory, { recursive: true });
  const database = await openDatabase(join(options.directory, 'dynamodb'));
  await finishTables(database);
  const tokens = await tokensIn(database, options.now ?? Date.now);
  const inTurn = turns();
  return {
    endpoint: jsonEndpoint({ ...asTheyAre(database), ...inTurnOnly(database, tokens, inTurn) }, '1.0'),
    close: () => inTurn(() => database.level.close()),
  };
}

function asTheyAre(database: Database): Record<string, Operation> {
  return Object.fromEntries(
    operationNames.map((name): [string, Operation] => [name, (input) => run(database, name, input)]),
  );
}

/** Whatever changes something, or must not see a change half-way, waits for its turn; plain reads never wait. */
function inTurnOnly(database: Database, tokens: Tokens, inTurn: InTurn): Record<string, Operation> {
  const item =
    (name: OperationName): Operation =>
    (input) =>
      inTurn(() => writeItems(database, name, input));
  const table =
    (name: OperationName): Operation =>
    (input) =>
      inTurn(() => changeTable(database, name, input));
  const plain =
    (name: OperationName): Operation =>
    (input) =>
      inTurn(() => run(database, name, input));
  return {
    PutItem: item('PutItem'),
    UpdateItem: item('UpdateItem'),
    DeleteItem: item('DeleteItem'),
    BatchWriteItem: item('BatchWriteItem'),
    CreateTable: table('CreateTable'),
    UpdateTable: table('UpdateTable'),
    DeleteTable: table('DeleteTable'),
    TagResource: plain('TagResource'),
    UntagResource: plain('UntagResource'),
    TransactWriteItems: (input) => inTurn(() => transactWriteItems(database, tokens, input)),
    TransactGetItems: (input) => inTurn(() => transactGetItems(database, input)),
    UpdateTimeToLive: (input) => inTurn(() => updateTimeToLive(database, input)),
    DescribeTimeToLive: (input) => describeTimeToLive(database, input),
    UpdateContinuousBackups: (input) => inTurn(() => updateContinuousBackups(database, input)),
    DescribeContinuousBackups: (input) => describeContinuousBackups(database, input),
  };
}

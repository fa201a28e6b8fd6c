import type { BatchOperation } from 'dynalite/db/index.js';
import { AwsError, type JsonObject } from '../aws/protocol.ts';
import type { Database } from './database.ts';
import { type OperationName, stage, validated } from './engine.ts';

/** A write of one request: an item and its index entries become visible, and survive a kill, together or not at all. */
export async function writeItems(
  database: Database,
  name: OperationName,
  input: JsonObject,
): Promise<JsonObject> {
  const { outcome, changes, seen } = await stage(database, name, validated(database, name, input));
  if (outcome instanceof AwsError) throw withItem(outcome, input, seen?.item);
  await commit(database, changes);
  return outcome;
}

/** LevelDB writes a batch as one record of its log, so not even SIGKILL can leave half of it. */
export function commit(database: Database, changes: readonly BatchOperation[]): Promise<void> {
  return database.level.batch(changes);
}

function withItem(error: AwsError, input: JsonObject, item: JsonObject | undefined): AwsError {
  const wanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  if (error.code !== 'ConditionalCheckFailedException' || !wanted || !item) return error;
  return new AwsError(error.code, error.message, { fields: { Item: item } });
}

import { createRequire } from 'node:module';
import type { BatchOperation } from 'dynalite/db/index.js';
import validations, { type Validation } from 'dynalite/validations/index.js';
import { AwsError, internalFailure, type JsonObject } from '../aws/protocol.ts';
import type { Database } from './database.ts';
import { type Hooks, type Store, storeOn } from './store.ts';

/** What a write would do: the answer to give and the changes to commit, or why it is refused. */
export interface Staged {
  readonly outcome: JsonObject | AwsError;
  readonly changes: readonly BatchOperation[];
  /** The item that the action looked at and its place in the database; absent when it did not get that far. */
  readonly seen: { readonly place: string; readonly item: JsonObject | undefined } | undefined;
}

export const operationNames = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;
export type OperationName = (typeof operationNames)[number];

type Done = (error: unknown, answer?: JsonObject) => void;
type Action = (store: Store, data: JsonObject, done: Done) => void;

const ANSWER_LIMIT_MS = 10_000;
const require = createRequire(import.meta.url);
const operations = new Map(operationNames.map((name) => [name, load(name)]));

/** Runs an operation of dynalite as it is: reads, and what changes tables. */
export function run(database: Database, name: OperationName, input: JsonObject): Promise<JsonObject> {
  const data = validated(database, name, input);
  return perform(database, name, data, { write: (changes) => database.level.batch(changes) });
}

/** Works out what a validated write would do, without doing it. */
export async function stage(database: Database, name: OperationName, data: JsonObject): Promise<Staged> {
  const changes: BatchOperation[] = [];
  let seen: Staged['seen'];
  try {
    const outcome = await perform(database, name, data, {
      write: (more) => {
        changes.push(...more);
        return undefined;
      },
      read: (place, item) => {
        seen = { place, item: item as JsonObject | undefined };
      },
    });
    return { outcome, changes, seen };
  } catch (error) {
    return { outcome: asAwsError(error), changes: [], seen };
  }
}

/** Throws what DynamoDB answers to an input that is wrong whatever the tables contain. */
export function validated(database: Database, name: OperationName, input: JsonObject): JsonObject {
  const { types, custom } = operations.get(name)!.validation;
  try {
    const data = validations.checkTypes(structuredClone(input), types);
    validations.checkValidations(data, types, custom, database);
    return data;
  } catch (error) {
    throw asAwsError(error);
  }
}

/** Wherever dynalite throws, in the call or in a callback, or when it never answers, only this promise rejects. */
function perform(
  database: Database,
  name: OperationName,
  data: JsonObject,
  hooks: Omit<Hooks, 'fail'>,
): Promise<JsonObject> {
  const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
  const fail = (error: unknown) => reject(asAwsError(error));
  const limit = setTimeout(() => fail(`${name} did not end within ${ANSWER_LIMIT_MS} ms.`), ANSWER_LIMIT_MS);
  try {
    operations
      .get(name)!
      .action(storeOn(database, { ...hooks, fail }), data, (error, answer) =>
        error ? fail(error) : resolve(answer ?? {}),
      );
  } catch (error) {
    fail(error);
  }
  return promise.finally(() => clearTimeout(limit));
}

function load(name: string): { action: Action; validation: Validation } {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  return { action: require(`dynalite/actions/${file}`), validation: require(`dynalite/validations/${file}`) };
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (!isDynaliteError(error)) return internalFailure(error);
  const { __type, message, Message } = error.body;
  return new AwsError(__type.split('#').at(-1) ?? __type, message ?? Message ?? '');
}

interface DynaliteError {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

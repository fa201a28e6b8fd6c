import { AwsError, type JsonObject } from '../aws/protocol.ts';
import type { Database } from './database.ts';
import { type OperationName, run, type Staged, stage, validated } from './engine.ts';
import type { Tokens } from './tokens.ts';
import { commit } from './writes.ts';

interface Action {
  readonly kind: Kind;
  readonly input: JsonObject;
  readonly data: JsonObject;
}

type Kind = keyof typeof operationOf;

/** A ConditionCheck is a DeleteItem whose changes are dropped: it validates the key and checks the condition alike. */
const operationOf = {
  ConditionCheck: 'DeleteItem',
  Put: 'PutItem',
  Delete: 'DeleteItem',
  Update: 'UpdateItem',
} as const satisfies Record<string, OperationName>;

const MEMBERS = [
  'TableName',
  'Key',
  'Item',
  'UpdateExpression',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];
const ACTION_LIMIT = 100;
const SIZE_LIMIT_BYTES = 4 * 1024 * 1024;

/** All actions happen, in one atomic batch together with the client's token, or none does. Must be called in turn. */
export async function transactWriteItems(
  database: Database,
  tokens: Tokens,
  input: JsonObject,
): Promise<JsonObject> {
  const actions = listOf(input.TransactItems).map((item) => parse(database, item));
  const { ClientRequestToken: token, ...request } = input;
  if (typeof token === 'string' && tokens.repeats(token, request)) return {};
  const staged = await Promise.all(actions.map(({ kind, data }) => stage(database, operationOf[kind], data)));
  refuseSharedItems(staged);
  refuseFailures(actions, staged);
  const changes = actions.flatMap(({ kind }, index) =>
    kind === 'ConditionCheck' ? [] : staged[index]!.changes,
  );
  refuseTooLarge(changes);
  const remembered = typeof token === 'string' ? tokens.remember(token, request) : undefined;
  await commit(database, [...changes, ...(remembered?.changes ?? [])]);
  remembered?.confirm();
  return {};
}

/** Reads several items as they were at one moment. Must be called in turn. */
export async function transactGetItems(database: Database, input: JsonObject): Promise<JsonObject> {
  const gets = listOf(input.TransactItems).map((item) => objectOf(objectOf(item).Get));
  const answers = await Promise.all(gets.map((get) => run(database, 'GetItem', get)));
  return { Responses: answers.map(({ Item }) => (Item ? { Item } : {})) };
}

function listOf(items: unknown): unknown[] {
  if (!Array.isArray(items))
    throw invalid("Value null at 'transactItems' failed to satisfy constraint: Member must not be null");
  if (items.length === 0) throw outOfBounds('greater than or equal to 1');
  if (items.length > ACTION_LIMIT) throw outOfBounds(`less than or equal to ${ACTION_LIMIT}`);
  return items;
}

function parse(database: Database, item: unknown): Action {
  const entries = Object.entries(objectOf(item)).filter(([, value]) => value !== null);
  const [kind, value] = entries[0] ?? [];
  if (entries.length !== 1 || !isKind(kind))
    throw new AwsError(
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  const input = objectOf(value);
  const required =
    kind === 'ConditionCheck' ? 'ConditionExpression' : kind === 'Update' ? 'UpdateExpression' : undefined;
  if (required && input[required] === undefined)
    throw invalid(
      `Value null at '${kind}.${required}' failed to satisfy constraint: Member must not be null`,
    );
  const members = Object.fromEntries(Object.entries(input).filter(([name]) => MEMBERS.includes(name)));
  return { kind, input, data: validated(database, operationOf[kind], members) };
}

function refuseSharedItems(staged: readonly Staged[]): void {
  const places = staged.flatMap(({ seen }) => (seen ? [seen.place] : []));
  if (new Set(places).size === places.length) return;
  throw new AwsError(
    'ValidationException',
    'Transaction request cannot include multiple operations on one item',
  );
}

function refuseFailures(actions: readonly Action[], staged: readonly Staged[]): void {
  const reasons = staged.map((result, index) => reasonOf(actions[index]!, result));
  if (reasons.every(({ Code }) => Code === 'None')) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  throw new AwsError('TransactionCanceledException', message, { fields: { CancellationReasons: reasons } });
}

function reasonOf(
  { input }: Action,
  { outcome, seen }: Staged,
): { Code: string; Message?: string; Item?: JsonObject } {
  if (!(outcome instanceof AwsError)) return { Code: 'None' };
  if (outcome.code === 'ValidationException') return { Code: 'ValidationError', Message: outcome.message };
  if (outcome.code !== 'ConditionalCheckFailedException') throw outcome;
  const tellItem = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && seen?.item;
  return {
    Code: 'ConditionalCheckFailed',
    Message: outcome.message,
    ...(tellItem ? { Item: tellItem } : {}),
  };
}

function refuseTooLarge(changes: Staged['changes']): void {
  const bytes = changes.reduce(
    (sum, change) => sum + ('value' in change ? JSON.stringify(change.value).length : 0),
    0,
  );
  if (bytes <= SIZE_LIMIT_BYTES) return;
  throw new AwsError('ValidationException', 'Transaction request size cannot exceed 4 MB.');
}

function objectOf(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
}

function isKind(name: string | undefined): name is Kind {
  return name !== undefined && Object.hasOwn(operationOf, name);
}

function outOfBounds(bound: string): AwsError {
  return invalid(`Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`);
}

function invalid(problem: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

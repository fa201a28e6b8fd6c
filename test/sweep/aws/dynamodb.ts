import { AwsError, type Endpoint, type JsonObject, jsonEndpoint } from '../../../sandbox/aws/protocol.ts';
import { type Attributes, holds, type Placeholders, updated } from './expressions.ts';

/** Tables in memory, by the wire protocol: as much of DynamoDB as our adapters use. */
export interface MemoryDynamoDb {
  readonly endpoint: Endpoint;
  /** Every item as it is at this moment, as plain values. */
  items(): readonly Readonly<Record<string, unknown>>[];
}

type Keyed = Placeholders & {
  readonly Key: Attributes;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly Item: Attributes;
};

interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

const MOST_ACTIONS = 100;

export function memoryDynamoDb(): MemoryDynamoDb {
  const tables = new Map<string, Map<string, Attributes>>();
  /** Tokens of transactions: one that was made is not made again. */
  const done = new Set<unknown>();
  const tableOf = ({ TableName }: JsonObject): Map<string, Attributes> => {
    const table = tables.get(String(TableName));
    if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: ${TableName}`);
    return table;
  };
  const checked = (
    table: Map<string, Attributes>,
    key: Attributes,
    { ConditionExpression, ...given }: Keyed,
  ) => {
    const item = table.get(idOf(key));
    return { item, passes: ConditionExpression === undefined || holds(ConditionExpression, item, given) };
  };
  const write = (input: JsonObject, change: (item: Attributes | undefined) => Attributes | undefined) => {
    const table = tableOf(input);
    const asked = input as unknown as Keyed;
    const key = keyOf(asked.Key ?? asked.Item);
    const { item, passes } = checked(table, key, asked);
    if (!passes) throw refused(asked.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? item : undefined);
    const after = change(item);
    if (after) table.set(idOf(key), after);
    else table.delete(idOf(key));
    return asked.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
  };
  const writes = {
    PutItem: (input: JsonObject) => write(input, () => (input as unknown as Keyed).Item),
    DeleteItem: (input: JsonObject) => write(input, () => undefined),
    UpdateItem: (input: JsonObject) => {
      const { UpdateExpression = '', Key, ...given } = input as unknown as Keyed;
      return write(input, (item) => updated(UpdateExpression, item ?? Key, given));
    },
    ConditionCheck: (input: JsonObject) => write(input, (item) => item),
  };
  const ACTIONS: Readonly<Record<string, (input: JsonObject) => object>> = {
    Put: writes.PutItem,
    Delete: writes.DeleteItem,
    Update: writes.UpdateItem,
    ConditionCheck: writes.ConditionCheck,
  };

  return {
    items: () => [...tables.values()].flatMap((table) => [...table.values()].map(plainItem)),
    endpoint: jsonEndpoint(
      {
        CreateTable({ TableName }) {
          if (tables.has(String(TableName)))
            throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
          tables.set(String(TableName), new Map());
          return { TableDescription: { TableName, TableStatus: 'ACTIVE' } };
        },
        GetItem: (input) => ({ Item: tableOf(input).get(idOf(input.Key as Attributes)) }),
        PutItem: writes.PutItem,
        DeleteItem: writes.DeleteItem,
        UpdateItem: writes.UpdateItem,
        Query: (input) => query([...tableOf(input).values()], input),
        TransactWriteItems({ TransactItems, ClientRequestToken }) {
          if (done.has(ClientRequestToken)) return {};
          const actions = (TransactItems as readonly Readonly<Record<string, JsonObject>>[]).flatMap((each) =>
            Object.entries(each),
          );
          if (actions.length > MOST_ACTIONS) throw invalid(`${actions.length} actions > ${MOST_ACTIONS}`);
          const ids = actions.map(([, input]) => idOf(keyOf((input.Key ?? input.Item) as Attributes)));
          if (new Set(ids).size < ids.length)
            throw invalid('Transaction request cannot include multiple operations on one item');
          const reasons = actions.map(([, input]): Reason => {
            const asked = input as unknown as Keyed;
            const { passes } = checked(tableOf(input), keyOf(asked.Key ?? asked.Item), asked);
            return passes
              ? { Code: 'None' }
              : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
          });
          if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
          for (const [kind, input] of actions) ACTIONS[kind]?.(input);
          done.add(ClientRequestToken);
          return {};
        },
      },
      '1.0',
    ),
  };
}

function query(items: readonly Attributes[], input: JsonObject): object {
  const { KeyConditionExpression, ScanIndexForward = true, Limit = items.length, ExclusiveStartKey } = input;
  const found = items
    .filter((item) => holds(String(KeyConditionExpression), item, input))
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (ScanIndexForward === false) found.reverse();
  const from = ExclusiveStartKey
    ? found.findIndex((item) => sortKey(item) === sortKey(ExclusiveStartKey as Attributes)) + 1
    : 0;
  const page = found.slice(from, from + Number(Limit));
  const last = page.at(-1);
  const more = last && from + page.length < found.length;
  return { Items: page, Count: page.length, ...(more ? { LastEvaluatedKey: keyOf(last) } : {}) };
}

function refused(item: Attributes | undefined): AwsError {
  const fields = item ? { Item: item } : {};
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { fields });
}

function cancelled(CancellationReasons: readonly Reason[]): AwsError {
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, { fields: { CancellationReasons } });
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function sortKey({ sk }: Attributes): string {
  return String(sk?.S);
}

function keyOf({ pk, sk }: Attributes): Attributes {
  if (!pk || !sk) throw invalid('The provided key element does not match the schema');
  return { pk, sk };
}

function idOf({ pk, sk }: Attributes): string {
  return `${pk?.S}\n${sk?.S}`;
}

function plainItem(item: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Readonly<Record<string, unknown>>): unknown {
  const [[type, inner] = []] = Object.entries(value);
  if (type === 'N') return Number(inner);
  if (type === 'NULL') return null;
  if (type === 'M') return plainItem(inner as Attributes);
  if (type === 'L') return (inner as readonly Attributes[string][]).map(plain);
  return inner;
}

import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { TransientFault } from '../../drill/errors.ts';
import type { Page, PageAsked } from '../../ports/receipts.ts';

/** One table for everything: items are found by partition (`pk`) and sort key (`sk`). */
export interface Table {
  readonly dynamo: DynamoDBDocumentClient;
  readonly name: string;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & Readonly<Record<string, unknown>>;

/** An item of a transaction, with what its failed condition means. */
export interface Write {
  readonly action: NonNullable<TransactWriteCommandInput['TransactItems']>[number];
  readonly meaning: string;
}

const CONFLICT_ATTEMPTS = 6;

/** All or none. Answers the meaning of the first condition that failed, or `undefined` when everything was written. */
export async function transact(table: Table, writes: readonly Write[]): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      await table.dynamo.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => write.action) }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
      const failed = codes.indexOf('ConditionalCheckFailed');
      if (failed >= 0) return writes[failed]?.meaning;
      if (!codes.includes('TransactionConflict') || attempt === CONFLICT_ATTEMPTS)
        throw new TransientFault(error.message, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

export async function getItem(
  { dynamo, name }: Table,
  { pk, sk }: Key,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await dynamo.send(new GetCommand({ TableName: name, Key: { pk, sk }, ConsistentRead: true }))).Item;
}

export async function queryAll(table: Table, pk: string, skPrefix = ''): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.dynamo.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: skPrefix ? 'pk = :pk AND begins_with(sk, :sk)' : 'pk = :pk',
        ExpressionAttributeValues: skPrefix ? { ':pk': pk, ':sk': skPrefix } : { ':pk': pk },
        ConsistentRead: true,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

/** Some items of a partition in the order of their sort keys; a page begins behind a sort key. */
export async function queryPage(
  table: Table,
  pk: string,
  { limit, after }: PageAsked,
  { skPrefix = '', newestFirst = false }: { skPrefix?: string; newestFirst?: boolean } = {},
): Promise<Page<Item>> {
  const answer = await table.dynamo.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: skPrefix ? 'pk = :pk AND begins_with(sk, :sk)' : 'pk = :pk',
      ExpressionAttributeValues: skPrefix ? { ':pk': pk, ':sk': skPrefix } : { ':pk': pk },
      ConsistentRead: true,
      ScanIndexForward: !newestFirst,
      Limit: limit,
      ...(after === null ? {} : { ExclusiveStartKey: { pk, sk: after } }),
    }),
  );
  return {
    items: (answer.Items ?? []) as Item[],
    next: (answer.LastEvaluatedKey?.sk as string | undefined) ?? null,
  };
}

export function put(table: Table, item: Item, meaning: string): Write {
  return {
    action: { Put: { TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } },
    meaning,
  };
}

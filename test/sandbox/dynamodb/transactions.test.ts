import {
  CreateTableCommand,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, startStage } from './client.ts';

const TableName = 'records';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
});
afterAll(() => stage.end());

describe('refuses', () => {
  test('everything when one condition fails, and tells which and why', async () => {
    await put({ pk: 'latest', owner: 'me' });
    const failure = await failureOf([
      { Put: { TableName, Item: { pk: 'receipt' } } },
      {
        ConditionCheck: {
          TableName,
          Key: { pk: 'latest' },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Update: { ...add('latest-count'), ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(failure).toBeInstanceOf(TransactionCanceledException);
    expect(failure).toMatchObject({
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: 'latest' }, owner: { S: 'me' } },
        },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await get('receipt')).toBeUndefined();
  });

  test('everything when one update cannot be applied to what is there', async () => {
    await put({ pk: 'text', count: 'many' });
    const failure = await failureOf([
      { Put: { TableName, Item: { pk: 'beside' } } },
      { Update: add('text') },
    ]);
    expect(failure).toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await get('beside')).toBeUndefined();
  });

  test('two actions on one item', async () => {
    const failure = await failureOf([
      { Update: add('one') },
      { ConditionCheck: { TableName, Key: { pk: 'one' }, ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(failure).toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  test('no actions and more than a hundred', async () => {
    expect(await failureOf([])).toMatchObject({ name: 'ValidationException' });
    const actions = Array.from({ length: 101 }, (_, n) => ({ Update: add(`many-${n}`) }));
    expect(await failureOf(actions)).toMatchObject({ name: 'ValidationException' });
    expect(await failureOf(actions.slice(1))).toBeUndefined();
  });

  test('a broken expression, a missing table and a check without a condition', async () => {
    const update = { ...add('one'), UpdateExpression: 'SETT x :one' };
    expect(await failureOf([{ Update: update }])).toMatchObject({ name: 'ValidationException' });
    const put = { TableName: 'nowhere', Item: { pk: 'one' } };
    expect(await failureOf([{ Put: put }])).toMatchObject({ name: 'ResourceNotFoundException' });
    const check = { TableName, Key: { pk: 'one' }, ConditionExpression: undefined };
    expect(await failureOf([{ ConditionCheck: check }])).toMatchObject({ name: 'ValidationException' });
  });

  test('a token that belonged to another request', async () => {
    await transact([{ Update: add('token') }], 'token-1');
    const failure = await failureOf([{ Update: add('other') }], 'token-1');
    expect(failure).toBeInstanceOf(IdempotentParameterMismatchException);
    expect(await get('other')).toBeUndefined();
  });
});

test('repeats nothing within ten minutes of the same token, not even after a restart', async () => {
  await transact([{ Update: add('counter') }], 'token-2');
  await transact([{ Update: add('counter') }], 'token-2');
  await stage.restart();
  stage.clock.aheadMs += 10 * 60_000 - 1_000;
  await transact([{ Update: add('counter') }], 'token-2');
  expect(await get('counter')).toMatchObject({ count: 1 });
  stage.clock.aheadMs += 2_000;
  await transact([{ Update: add('counter') }], 'token-2');
  expect(await get('counter')).toMatchObject({ count: 2 });
});

test('writes, updates, deletes and checks together', async () => {
  await put({ pk: 'old' });
  await transact([
    { Put: { TableName, Item: { pk: 'new', set: new Set(['a']) } } },
    { Update: add('total') },
    { Delete: { TableName, Key: { pk: 'old' } } },
    { ConditionCheck: { TableName, Key: { pk: 'absent' }, ConditionExpression: 'attribute_not_exists(pk)' } },
  ]);
  const keys = ['new', 'total', 'old', 'absent'];
  const { Responses } = await stage.documents.send(
    new TransactGetCommand({ TransactItems: keys.map((pk) => ({ Get: { TableName, Key: { pk } } })) }),
  );
  expect(Responses?.map(({ Item }) => Item)).toEqual([
    { pk: 'new', set: new Set(['a']) },
    { pk: 'total', count: 1 },
    undefined,
    undefined,
  ]);
});

test('loses no update between racing transactions, and never shows one half-way', async () => {
  const pair = (pk: string) => ({ Get: { TableName, Key: { pk } } });
  const writes = Array.from({ length: 40 }, () =>
    transact([{ Update: add('left') }, { Update: add('right') }]),
  );
  const reads = Array.from({ length: 40 }, () =>
    stage.documents.send(new TransactGetCommand({ TransactItems: [pair('left'), pair('right')] })),
  );
  for (const { Responses } of await Promise.all(reads))
    expect(Responses?.[0]?.Item?.count).toBe(Responses?.[1]?.Item?.count);
  await Promise.all(writes);
  expect(await get('left')).toMatchObject({ count: 40 });
  expect(await get('right')).toMatchObject({ count: 40 });
});

type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

async function transact(TransactItems: Actions, ClientRequestToken?: string) {
  await stage.documents.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));
}

function failureOf(actions: Actions, token?: string): Promise<unknown> {
  return transact(actions, token).catch((error: unknown) => error);
}

function add(pk: string) {
  return {
    TableName,
    Key: { pk },
    UpdateExpression: 'ADD #count :one',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':one': 1 },
  };
}

async function put(Item: Record<string, unknown>) {
  await stage.documents.send(new PutCommand({ TableName, Item }));
}

async function get(pk: string) {
  const { Item } = await stage.documents.send(
    new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }),
  );
  return Item;
}

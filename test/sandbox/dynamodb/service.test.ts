import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  ResourceInUseException,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, startStage, table } from './client.ts';

const TableName = 'records';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(new CreateTableCommand(table(TableName)));
});
afterAll(() => stage.end());

describe('refuses', () => {
  test('a table that exists already', async () => {
    await expect(stage.client.send(new CreateTableCommand(table(TableName)))).rejects.toBeInstanceOf(
      ResourceInUseException,
    );
  });

  test('a table that does not exist', async () => {
    await expect(
      stage.documents.send(new GetCommand({ TableName: 'nowhere', Key: key('a') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      stage.client.send(new DescribeContinuousBackupsCommand({ TableName: 'nowhere' })),
    ).rejects.toMatchObject({ name: 'TableNotFoundException' });
  });

  test('an operation that it does not have, by name', async () => {
    const response = await post('ExportTableToPointInTime', '{}');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('ExportTableToPointInTime');
  });

  test('a put whose condition fails, with the item when it was asked for', async () => {
    await stage.documents.send(new PutCommand({ TableName, Item: { ...key('held'), owner: 'first' } }));
    const put = (values: 'ALL_OLD' | 'NONE') =>
      stage.client.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: 'held' }, sk: { S: 'x' } },
          UpdateExpression: 'SET #owner = :me',
          ConditionExpression: 'attribute_not_exists(#owner)',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':me': { S: 'second' } },
          ReturnValuesOnConditionCheckFailure: values,
        }),
      );
    const withItem = await put('ALL_OLD').catch((error: unknown) => error);
    expect(withItem).toBeInstanceOf(ConditionalCheckFailedException);
    expect(withItem).toMatchObject({ Item: { owner: { S: 'first' } } });
    expect(await put('NONE').catch((error: unknown) => error)).toHaveProperty('Item', undefined);
  });

  test('all but one of many racing conditional puts', async () => {
    const attempts = Array.from({ length: 20 }, (_, owner) =>
      stage.documents.send(
        new PutCommand({
          TableName,
          Item: { ...key('race'), owner },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('to set a time to live twice or on two attributes', async () => {
    await stage.client.send(new CreateTableCommand(table('expiring')));
    const set = (AttributeName: string, Enabled: boolean) =>
      stage.client.send(
        new UpdateTimeToLiveCommand({
          TableName: 'expiring',
          TimeToLiveSpecification: { AttributeName, Enabled },
        }),
      );
    await expect(set('ttl', false)).rejects.toThrow('already disabled');
    await set('ttl', true);
    await expect(set('ttl', true)).rejects.toThrow('already enabled');
    await expect(set('gone', true)).rejects.toThrow('different AttributeName');
    const { TimeToLiveDescription } = await stage.client.send(
      new DescribeTimeToLiveCommand({ TableName: 'expiring' }),
    );
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
  });

  test('nonsense without falling over', async () => {
    const nonsense = ['{', '[]', '"x"', '7', '{}', '{"TableName":[]}', '{"TableName":"records"}'];
    const odd = [
      { TableName, Key: { pk: { S: 'a' }, sk: {} } },
      { TableName, Key: { pk: null, sk: { S: 'x' } } },
      { TableName, Item: { pk: { S: 'a' }, sk: { S: 'x' }, __proto__: null, n: { N: 'NaN' } } },
      { TransactItems: [null] },
      { TransactItems: [{ Put: { TableName, Item: 7 } }] },
      { TransactItems: [{ Get: null }] },
      { RequestItems: { records: [{}] } },
    ].map((body) => JSON.stringify(body));
    for (const operation of ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'TransactWriteItems'])
      for (const body of [...nonsense, ...odd])
        expect((await post(operation, body)).status, `${operation} ${body}`).toBeGreaterThanOrEqual(400);
    for (const operation of [
      'TransactGetItems',
      'BatchWriteItem',
      'CreateTable',
      'UpdateTable',
      'TagResource',
    ])
      for (const body of [...nonsense, ...odd]) await post(operation, body);
    expect((await stage.client.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
  });
});

test('a new table is there for the first look', async () => {
  const { TableDescription } = await stage.client.send(new CreateTableCommand(table('fresh')));
  expect(TableDescription?.TableStatus).toBe('CREATING');
  const { Table } = await stage.client.send(new DescribeTableCommand({ TableName: 'fresh' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
  await waitUntilTableExists({ client: stage.client, maxWaitTime: 21 }, { TableName: 'fresh' });
  await stage.client.send(new DeleteTableCommand({ TableName: 'fresh' }));
  await waitUntilTableNotExists({ client: stage.client, maxWaitTime: 21 }, { TableName: 'fresh' });
  const { TableNames } = await stage.client.send(new ListTablesCommand({}));
  expect(TableNames).not.toContain('fresh');
});

test('the fencing number of a lease only ever rises', async () => {
  const take = (now: number) =>
    stage.documents.send(
      new UpdateCommand({
        TableName,
        Key: key('lease'),
        UpdateExpression: 'SET leaseUntil = :until, fence = if_not_exists(fence, :zero) + :one',
        ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now',
        ExpressionAttributeValues: { ':until': now + 10, ':now': now, ':zero': 0, ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );
  expect((await take(100)).Attributes).toMatchObject({ fence: 1, leaseUntil: 110 });
  await expect(take(105)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  expect((await take(111)).Attributes).toMatchObject({ fence: 2 });
});

test('queries an index and pages through a partition, newest first', async () => {
  const items = Array.from({ length: 25 }, (_, n) => ({
    pk: 'history',
    sk: `DRILL#${String(n).padStart(3, '0')}`,
    gpk: 'all',
    gsk: n,
  }));
  await stage.documents.send(
    new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }),
  );
  const seen: unknown[] = [];
  const pages = paginateQuery(
    { client: stage.documents },
    {
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :drill)',
      ExpressionAttributeValues: { ':pk': 'history', ':drill': 'DRILL#' },
      ScanIndexForward: false,
      Limit: 10,
    },
  );
  for await (const page of pages) seen.push(...(page.Items ?? []).map(({ gsk }) => gsk));
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => 24 - n));
  await stage.documents.send(new DeleteCommand({ TableName, Key: { pk: 'history', sk: 'DRILL#024' } }));
  const { Items } = await stage.documents.send(
    new QueryCommand({
      TableName,
      IndexName: 'feed',
      KeyConditionExpression: 'gpk = :all AND gsk >= :from',
      ExpressionAttributeValues: { ':all': 'all', ':from': 20 },
    }),
  );
  expect(Items?.map(({ gsk }) => gsk)).toEqual([20, 21, 22, 23]);
});

test('keeps tables, items and settings across a restart', async () => {
  await stage.documents.send(new PutCommand({ TableName, Item: { ...key('kept'), figures: { p95: 1.5 } } }));
  await stage.client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  await stage.restart();
  const { Item } = await stage.documents.send(new GetCommand({ TableName, Key: key('kept') }));
  expect(Item?.figures).toEqual({ p95: 1.5 });
  const { ContinuousBackupsDescription } = await stage.client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
    'ENABLED',
  );
  const { Count } = await stage.documents.send(new ScanCommand({ TableName, Select: 'COUNT' }));
  expect(Count).toBeGreaterThan(20);
});

function post(operation: string, body: string) {
  return fetch(stage.url, {
    method: 'POST',
    body,
    headers: {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request',
    },
  });
}

function key(pk: string) {
  return { pk, sk: 'x' };
}

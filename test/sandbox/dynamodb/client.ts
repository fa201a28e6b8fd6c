import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startDynamoDb } from '../../../sandbox/dynamodb/service.ts';

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** Unmodified clients in front of DynamoDB on a directory of its own; the clock can be moved and DynamoDB be started again. */
export async function startStage() {
  const directory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  const clock = { aheadMs: 0 };
  const start = async () => {
    const dynamodb = await startDynamoDb({ directory, now: () => Date.now() + clock.aheadMs });
    const gateway = await startGateway({ dynamodb: dynamodb.endpoint });
    const client = new DynamoDBClient({
      endpoint: gateway.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    });
    return { dynamodb, gateway, client, documents: DynamoDBDocumentClient.from(client) };
  };
  let running = await start();
  const stop = async () => {
    running.client.destroy();
    await running.gateway.close();
    await running.dynamodb.close();
  };
  return {
    clock,
    get client() {
      return running.client;
    },
    get documents() {
      return running.documents;
    },
    get url() {
      return running.gateway.url;
    },
    restart: async () => {
      await stop();
      running = await start();
    },
    end: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A table by `pk` and `sk`, with an index by `gpk` and the number `gsk`. */
export function table(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'gpk', AttributeType: 'S' },
      { AttributeName: 'gsk', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'feed',
        KeySchema: [
          { AttributeName: 'gpk', KeyType: 'HASH' },
          { AttributeName: 'gsk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
}

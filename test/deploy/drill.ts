import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Receipt } from '../../lib/drill/seal.ts';
import { isOurs } from './adaptation.ts';
import { until } from './command.ts';
import type { Outputs } from './stack.ts';

const DRILL_LIMIT_MS = 240_000;

/** Starts a drill as a person does in the console. */
export async function startDrill(
  sfn: SFNClient,
  { StateMachineArn: stateMachineArn }: Outputs,
  plan: string,
): Promise<{ readonly name: string; readonly executionArn: string }> {
  const input = JSON.stringify({ plan });
  const name = `test-deploy-${plan}-${Date.now()}`;
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  return { name, executionArn };
}

export function ended(sfn: SFNClient, executionArn: string): Promise<DescribeExecutionOutput> {
  return until('the end of the drill', DRILL_LIMIT_MS, async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });
}

/** The names of the states in the order in which they were entered. */
export async function visitedStates(sfn: SFNClient, executionArn: string): Promise<readonly string[]> {
  const visited: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, nextToken }));
    for (const { stateEnteredEventDetails } of page.events ?? [])
      if (stateEnteredEventDetails?.name) visited.push(stateEnteredEventDetails.name);
    nextToken = page.nextToken;
  } while (nextToken);
  return visited.filter(isOurs);
}

/** The sealed receipt in the table, as text. */
export async function sealedReceipt(
  dynamo: DynamoDBClient,
  { TableName }: Outputs,
  drillId: string,
): Promise<string | undefined> {
  const Key = { pk: { S: `DRILL#${drillId}` }, sk: { S: 'SEAL' } };
  return (await dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item?.sealed?.S;
}

/** Receipts in the archive, without their steps. */
export async function archivedReceipts(
  s3: S3Client,
  { BucketName: Bucket }: Outputs,
): Promise<readonly Receipt[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'receipts/' }));
  const keys = Contents.map(({ Key = '' }) => Key).filter((key) => /\/\d+\.json$/.test(key));
  return Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '') as Receipt;
    }),
  );
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { vi } from 'vitest';
import * as clients from '../../lib/adapters/aws/clients.ts';
import { scheduledDeadline } from '../../lib/adapters/aws/deadline.ts';
import { dynamoDrillIndex } from '../../lib/adapters/aws/drill-index.ts';
import { awsExecutions, witnessRuns } from '../../lib/adapters/aws/executions.ts';
import { dynamoJournal } from '../../lib/adapters/aws/journal.ts';
import { dynamoLocks } from '../../lib/adapters/aws/locks.ts';
import { awsReceipts } from '../../lib/adapters/aws/receipts.ts';
import { dynamoSeries } from '../../lib/adapters/aws/series.ts';
import { dynamoStatistics } from '../../lib/adapters/aws/statistics.ts';
import { tokenWaits } from '../../lib/adapters/aws/waits.ts';
import { fromLines, seriesKey } from '../../lib/drill/witness/sample.ts';
import { startGateway } from '../../sandbox/aws/gateway.ts';
import type { Endpoint } from '../../sandbox/aws/protocol.ts';
import { startDynamoDb } from '../../sandbox/dynamodb/service.ts';
import { startS3 } from '../../sandbox/s3/service.ts';
import { startScheduler } from '../../sandbox/scheduler/service.ts';
import { startStepFunctions } from '../../sandbox/stepfunctions/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { memoryDynamoDb } from '../sweep/aws/dynamodb.ts';
import { memoryS3 } from '../sweep/aws/s3.ts';
import { movableClock, type World } from './world.ts';

const ROLE = 'arn:aws:iam::000000000000:role/drills';
const WATCHDOG = {
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Watchdog',
  roleArn: ROLE,
  groupName: 'drills',
};

/** The real adapters, with the product's own clients, on DynamoDB, S3, Step Functions and Scheduler of the sandbox. */
export function awsWorld(): Promise<World> {
  return worldWith(async (directory) => ({
    dynamodb: await startDynamoDb({ directory }),
    s3: startS3({ directory }),
  }));
}

/** The same with the stores of the sweep, so that they are proven too. */
export function sweptWorld(): Promise<World> {
  const close = async (): Promise<void> => {};
  return worldWith(async () => ({
    dynamodb: { ...memoryDynamoDb(), close },
    s3: { ...memoryS3(), close },
  }));
}

interface Store {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

type StartStores = (directory: string) => Promise<{ readonly dynamodb: Store; readonly s3: Store }>;

async function worldWith(startStores: StartStores): Promise<World> {
  const services = await startServices(startStores);
  for (const [name, value] of Object.entries(environmentFor(services.url))) vi.stubEnv(name, value);
  const [sfn, s3, scheduler] = [clients.sfn(), clients.s3(), clients.scheduler()];
  const table = { dynamo: clients.dynamo(), name: 'drills' };
  const bucket = 'receipts';
  await table.dynamo.send(tableOf(table.name));
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await scheduler.send(new CreateScheduleGroupCommand({ Name: WATCHDOG.groupName }));
  const waiting = await machine('waiting', WAITING);
  const witnessMachine = await machine('witness', ENDLESS);
  const clock = movableClock();

  return {
    clock,
    journal: dynamoJournal(table, clock),
    locks: dynamoLocks(table, clock),
    waits: tokenWaits(table, sfn, clock),
    receipts: awsReceipts(table, { s3, bucket }, clock),
    statistics: dynamoStatistics(table),
    drills: dynamoDrillIndex(table),
    series: dynamoSeries(table, clock),
    deadline: scheduledDeadline(scheduler, WATCHDOG),
    executions: awsExecutions(sfn),
    witness: witnessRuns(sfn, witnessMachine),
    async startWait() {
      const executionArn = await start(waiting);
      const token = await services.tokenOf(executionArn);
      return {
        token,
        async told() {
          const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          return status === 'SUCCEEDED' ? JSON.parse(output ?? '') : undefined;
        },
        end: async () => void (await sfn.send(new StopExecutionCommand({ executionArn }))),
      };
    },
    async deadlines() {
      const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand());
      const found = await Promise.all(
        Schedules.map(({ GroupName, Name }) => scheduler.send(new GetScheduleCommand({ GroupName, Name }))),
      );
      return found.map(({ ScheduleExpression = '' }) => new Date(`${ScheduleExpression.slice(3, -1)}Z`));
    },
    async witnesses() {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: witnessMachine }),
      );
      const described = await Promise.all(
        executions.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))),
      );
      return described.map(({ input }) => JSON.parse(input ?? '').drillId);
    },
    async startExecution() {
      const arn = await start(witnessMachine);
      const describe = () => sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      return { arn, isRunning: async () => (await describe()).status === 'RUNNING' };
    },
    async archived() {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: 'receipts/' }),
      );
      return Contents.filter(({ Key = '' }) => !Key.endsWith('.steps.json')).length;
    },
    async archivedSeries(drillId) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: seriesKey(drillId) });
      const { Body } = await s3.send(command).catch(() => ({ Body: undefined }));
      return Body && fromLines(await Body.transformToString());
    },
    async close() {
      for (const client of [sfn, s3, scheduler, table.dynamo]) client.destroy();
      await services.close();
      vi.unstubAllEnvs();
    },
  };

  async function machine(name: string, definition: object): Promise<string> {
    const text = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: definition } });
    const command = new CreateStateMachineCommand({ name, definition: text, roleArn: ROLE });
    return (await sfn.send(command)).stateMachineArn ?? '';
  }

  async function start(stateMachineArn: string): Promise<string> {
    return (await sfn.send(new StartExecutionCommand({ stateMachineArn }))).executionArn ?? '';
  }
}

const ENDLESS = { Type: 'Wait', Seconds: 3_600, End: true };

const WAITING = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: {
    FunctionName: 'Wait',
    Payload: {
      token: '{% $states.context.Task.Token %}',
      executionArn: '{% $states.context.Execution.Id %}',
    },
  },
  TimeoutSeconds: 3_600,
  End: true,
};

async function startServices(startStores: StartStores) {
  const directory = await mkdtemp(join(tmpdir(), 'contract-'));
  const tokens = new Map<string, string>();
  const { dynamodb: dynamo, s3 } = await startStores(directory);
  const scheduler = startScheduler({ directory: join(directory, 'scheduler'), deliver: async () => {} });
  const stepFunctions = startStepFunctions({
    directory: join(directory, 'stepfunctions'),
    emit: () => {},
    invokeFunction: async (_, payload) => {
      const { token, executionArn } = payload as { token: string; executionArn: string };
      tokens.set(executionArn, token);
      return { kind: 'result', payload: null };
    },
  });
  const gateway = await startGateway({
    dynamodb: dynamo.endpoint,
    s3: s3.endpoint,
    scheduler: scheduler.endpoint,
    states: stepFunctions.endpoint,
  });
  return {
    url: gateway.url,
    tokenOf: (executionArn: string) =>
      vi.waitUntil(() => tokens.get(executionArn), { timeout: 5_000, interval: 5 }),
    async close() {
      await Promise.all([scheduler.close(), stepFunctions.close()]);
      await gateway.close();
      await Promise.all([dynamo.close(), s3.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function tableOf(TableName: string): CreateTableCommand {
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
}

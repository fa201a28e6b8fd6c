import { CloudFrontClient, GetInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CodePipelineClient, ListPipelinesCommand } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Endpoint } from '../../../sandbox/aws/protocol.ts';
import { type FaultInjection, faultInjection } from '../../../sandbox/faults/injection.ts';
import { SERVICE_NAMES, type ServiceName, wireOf } from '../../../sandbox/faults/services.ts';
import { type Served, serve } from '../fixtures/served.ts';

let injection: FaultInjection;
let reached: number;
let served: Served;

const service: Endpoint = async () => {
  reached += 1;
  return { status: 200, body: '' };
};

beforeAll(async () => {
  injection = faultInjection();
  const names = SERVICE_NAMES.map((name) => wireOf(name).signingName ?? name);
  served = await serve(() => injection.before(Object.fromEntries(names.map((name) => [name, service]))));
});

beforeEach(() => {
  reached = 0;
  injection.faults.clear();
});

afterAll(() => served.close());

async function by<Client extends { destroy(): void }, Output>(
  client: Client,
  call: (client: Client) => Promise<Output>,
): Promise<Output> {
  return call(client).finally(() => client.destroy());
}

/** One call of each service, by its unmodified client. */
const CALLS: Readonly<Record<ServiceName, readonly [operation: string, call: () => Promise<unknown>]>> = {
  cloudfront: [
    'GetInvalidation',
    () =>
      by(new CloudFrontClient(served.configuration), (client) =>
        client.send(new GetInvalidationCommand({ DistributionId: 'E1', Id: 'I1' })),
      ),
  ],
  cloudwatch: [
    'DescribeAlarms',
    () =>
      by(new CloudWatchClient(served.configuration), (client) => client.send(new DescribeAlarmsCommand({}))),
  ],
  codepipeline: [
    'ListPipelines',
    () =>
      by(new CodePipelineClient(served.configuration), (client) => client.send(new ListPipelinesCommand({}))),
  ],
  dynamodb: [
    'ListTables',
    () => by(new DynamoDBClient(served.configuration), (client) => client.send(new ListTablesCommand({}))),
  ],
  ecr: [
    'DescribeImages',
    () =>
      by(new ECRClient(served.configuration), (client) =>
        client.send(new DescribeImagesCommand({ repositoryName: 'shop' })),
      ),
  ],
  ecs: [
    'ListClusters',
    () => by(new ECSClient(served.configuration), (client) => client.send(new ListClustersCommand({}))),
  ],
  events: [
    'ListRules',
    () => by(new EventBridgeClient(served.configuration), (client) => client.send(new ListRulesCommand({}))),
  ],
  lambda: [
    'Invoke',
    () =>
      by(new LambdaClient(served.configuration), (client) =>
        client.send(new InvokeCommand({ FunctionName: 'notify' })),
      ),
  ],
  s3: [
    'GetObject',
    () =>
      by(new S3Client({ ...served.configuration, forcePathStyle: true }), (client) =>
        client.send(new GetObjectCommand({ Bucket: 'receipts', Key: 'one/two' })),
      ),
  ],
  scheduler: [
    'GetSchedule',
    () =>
      by(new SchedulerClient(served.configuration), (client) =>
        client.send(new GetScheduleCommand({ Name: 'nightly' })),
      ),
  ],
  secretsmanager: [
    'ListSecrets',
    () =>
      by(new SecretsManagerClient(served.configuration), (client) => client.send(new ListSecretsCommand({}))),
  ],
  sns: [
    'ListTopics',
    () => by(new SNSClient(served.configuration), (client) => client.send(new ListTopicsCommand({}))),
  ],
  sqs: [
    'ListQueues',
    () => by(new SQSClient(served.configuration), (client) => client.send(new ListQueuesCommand({}))),
  ],
  ssm: [
    'GetParameter',
    () =>
      by(new SSMClient(served.configuration), (client) =>
        client.send(new GetParameterCommand({ Name: '/switch' })),
      ),
  ],
  states: [
    'ListStateMachines',
    () => by(new SFNClient(served.configuration), (client) => client.send(new ListStateMachinesCommand({}))),
  ],
  sts: [
    'GetCallerIdentity',
    () => by(new STSClient(served.configuration), (client) => client.send(new GetCallerIdentityCommand({}))),
  ],
};

test.each<[ServiceName, string, number]>([
  ['cloudfront', 'Throttling', 400],
  ['cloudwatch', 'ThrottlingException', 400],
  ['codepipeline', 'ThrottlingException', 400],
  ['dynamodb', 'ThrottlingException', 400],
  ['ecr', 'ThrottlingException', 400],
  ['ecs', 'ThrottlingException', 400],
  ['events', 'ThrottlingException', 400],
  ['lambda', 'TooManyRequestsException', 429],
  ['s3', 'SlowDown', 503],
  ['scheduler', 'ThrottlingException', 429],
  ['secretsmanager', 'ThrottlingException', 400],
  ['sns', 'ThrottledException', 429],
  ['sqs', 'RequestThrottled', 403],
  ['ssm', 'ThrottlingException', 400],
  ['states', 'ThrottlingException', 400],
  ['sts', 'Throttling', 400],
])('a throttled call to %s does not reach it, and its client reads %s', async (service, name, status) => {
  const [operation, call] = CALLS[service];
  injection.faults.inject(`${service}.${operation}:throttled`);
  await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(reached).toBe(0);
});

test.each<[ServiceName, string, number]>([
  ['cloudfront', 'AccessDenied', 403],
  ['cloudwatch', 'AccessDeniedException', 400],
  ['codepipeline', 'AccessDeniedException', 400],
  ['dynamodb', 'AccessDeniedException', 400],
  ['ecr', 'AccessDeniedException', 400],
  ['ecs', 'AccessDeniedException', 400],
  ['events', 'AccessDeniedException', 400],
  ['lambda', 'AccessDeniedException', 403],
  ['s3', 'AccessDenied', 403],
  ['scheduler', 'AccessDeniedException', 403],
  ['secretsmanager', 'AccessDeniedException', 400],
  ['sns', 'AuthorizationErrorException', 403],
  ['sqs', 'AccessDenied', 403],
  ['ssm', 'AccessDeniedException', 400],
  ['states', 'AccessDeniedException', 400],
  ['sts', 'AccessDenied', 403],
])('a denied call to %s does not reach it, and its client reads %s', async (service, name, status) => {
  const [operation, call] = CALLS[service];
  injection.faults.inject(`${service}.${operation}:denied`);
  await expect(call()).rejects.toMatchObject({
    name,
    message: expect.stringContaining(`not authorized to perform: ${service}:${operation}`),
    $metadata: { httpStatusCode: status },
  });
  expect(reached).toBe(0);
});

test.each(SERVICE_NAMES)(
  '%s does not hear of a call while it is unavailable, and its client reads a 5xx error',
  async (service) => {
    const [operation, call] = CALLS[service];
    injection.faults.inject(`${service}.${operation}:unavailable`);
    const error = await call().catch((reason: unknown) => reason);
    const { status } = wireOf(service).unavailable;
    expect(error).toMatchObject({ name: expect.stringMatching(/Server|Internal|Service/) });
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
    expect(reached).toBe(0);
  },
);

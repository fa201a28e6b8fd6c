import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Signer } from '@aws-sdk/rds-signer';

/*
 * The only place where SDK clients are made. Region, credentials and endpoints come from the environment, as the SDK reads
 * it. Functions, not a table of clients: a bundle keeps only the clients that its handler asks for. All ports of a function
 * share one client of a service, and with it its connections.
 */

/**
 * Calls give up early enough to be tried again within the function's own time limit. Without `throwOnRequestTimeout` the SDK
 * only warns, and waits five minutes.
 */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
};

export function cloudFront(): CloudFrontClient {
  return shared('cloudFront', () => new CloudFrontClient(PATIENCE));
}

export function cloudWatch(): CloudWatchClient {
  return shared('cloudWatch', () => new CloudWatchClient(PATIENCE));
}

export function codePipeline(): CodePipelineClient {
  return shared('codePipeline', () => new CodePipelineClient(PATIENCE));
}

export function dynamo(): DynamoDBDocumentClient {
  return shared('dynamo', () =>
    DynamoDBDocumentClient.from(new DynamoDBClient(PATIENCE), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  );
}

/** Images lie in Regions of their own. */
export function ecr(region: string): ECRClient {
  return shared(`ecr ${region}`, () => new ECRClient({ ...PATIENCE, region }));
}

export function ecs(): ECSClient {
  return shared('ecs', () => new ECSClient(PATIENCE));
}

export function events(): EventBridgeClient {
  return shared('events', () => new EventBridgeClient(PATIENCE));
}

export function lambda(): LambdaClient {
  return shared('lambda', () => new LambdaClient(PATIENCE));
}

/** For functions whose end is waited for: as long as the longest of them may run, and never twice. */
export function lambdaPatiently(): LambdaClient {
  return shared('lambdaPatiently', () => {
    const requestHandler = { connectionTimeout: 1_000, requestTimeout: 300_000, throwOnRequestTimeout: true };
    return new LambdaClient({ maxAttempts: 1, requestHandler });
  });
}

/** Signs by itself, without a call; for hosts of RDS in the Region that their name tells. */
export function rdsSigner(to: {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
}): Signer {
  const region = /\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(to.hostname)?.[1];
  return new Signer(region === undefined ? to : { ...to, region });
}

export function s3(): S3Client {
  return shared('s3', () => new S3Client(PATIENCE));
}

export function scheduler(): SchedulerClient {
  return shared('scheduler', () => new SchedulerClient(PATIENCE));
}

export function secretsManager(region?: string): SecretsManagerClient {
  return shared(
    `secretsManager ${region}`,
    () => new SecretsManagerClient({ ...PATIENCE, ...(region ? { region } : {}) }),
  );
}

export function sfn(): SFNClient {
  return shared('sfn', () => new SFNClient(PATIENCE));
}

export function sns(): SNSClient {
  return shared('sns', () => new SNSClient(PATIENCE));
}

export function sqs(): SQSClient {
  return shared('sqs', () => new SQSClient(PATIENCE));
}

export function ssm(region?: string): SSMClient {
  return shared(`ssm ${region}`, () => new SSMClient({ ...PATIENCE, ...(region ? { region } : {}) }));
}

export function sts(): STSClient {
  return shared('sts', () => new STSClient(PATIENCE));
}

const made = new Map<string, unknown>();

/** Clients read the environment once; where it names something else by then, another one is made. */
function shared<Client>(name: string, make: () => Client): Client {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID } = process.env;
  const key = [name, AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID].join(' ');
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as Client;
}

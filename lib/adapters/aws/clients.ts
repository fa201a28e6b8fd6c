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
 * it. Functions, not a table of clients: a bundle keeps only the clients that its handler asks for.
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
  return new CloudFrontClient(PATIENCE);
}

export function cloudWatch(): CloudWatchClient {
  return new CloudWatchClient(PATIENCE);
}

export function codePipeline(): CodePipelineClient {
  return new CodePipelineClient(PATIENCE);
}

export function dynamo(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(PATIENCE), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Images lie in Regions of their own. */
export function ecr(region: string): ECRClient {
  return new ECRClient({ ...PATIENCE, region });
}

export function ecs(): ECSClient {
  return new ECSClient(PATIENCE);
}

export function events(): EventBridgeClient {
  return new EventBridgeClient(PATIENCE);
}

export function lambda(): LambdaClient {
  return new LambdaClient(PATIENCE);
}

/** For functions whose end is waited for: as long as the longest of them may run, and never twice. */
export function lambdaPatiently(): LambdaClient {
  return new LambdaClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 300_000, throwOnRequestTimeout: true },
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
  return new S3Client(PATIENCE);
}

export function scheduler(): SchedulerClient {
  return new SchedulerClient(PATIENCE);
}

export function secretsManager(region?: string): SecretsManagerClient {
  return new SecretsManagerClient({ ...PATIENCE, ...(region ? { region } : {}) });
}

export function sfn(): SFNClient {
  return new SFNClient(PATIENCE);
}

export function sns(): SNSClient {
  return new SNSClient(PATIENCE);
}

export function sqs(): SQSClient {
  return new SQSClient(PATIENCE);
}

export function ssm(region?: string): SSMClient {
  return new SSMClient({ ...PATIENCE, ...(region ? { region } : {}) });
}

export function sts(): STSClient {
  return new STSClient(PATIENCE);
}

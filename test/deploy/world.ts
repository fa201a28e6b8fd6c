import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Variables } from './command.ts';

/** Clients of one AWS, unmodified, whatever the machine's own AWS settings are. */
export function clientsOf({
  AWS_ENDPOINT_URL,
  AWS_REGION,
  AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY,
}: Variables) {
  const config = {
    endpoint: AWS_ENDPOINT_URL ?? '',
    region: AWS_REGION ?? '',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' },
  };
  return {
    cloudWatch: new CloudWatchClient(config),
    dynamo: new DynamoDBClient(config),
    ecs: new ECSClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client(config),
    scheduler: new SchedulerClient(config),
    sfn: new SFNClient(config),
    sns: new SNSClient(config),
  };
}

/** This machine's environment without anything that could lead to a real AWS account. */
export function cleanEnvironment(directory: string): Variables {
  const kept = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(AWS|CDK|DRILL|SHOP|MINISTACK|LOCALSTACK|NODE_OPTIONS)/.test(name)
      ? []
      : [[name, value]],
  );
  const direct = [process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(kept),
    NO_PROXY: direct,
    no_proxy: direct,
    AWS_CONFIG_FILE: `${directory}/no-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${directory}/no-credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

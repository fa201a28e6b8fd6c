import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Calls give up early enough to be tried again within the function's own time limit. */
const PATIENCE = { maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000 } };

const unsetMembersVanish = { marshallOptions: { removeUndefinedValues: true } };

/** The only place where SDK clients are made. Region, credentials and endpoints come from the environment, as the SDK reads it. */
export const clients = {
  dynamo: once(() => DynamoDBDocumentClient.from(new DynamoDBClient(PATIENCE), unsetMembersVanish)),
  ecs: once(() => new ECSClient(PATIENCE)),
  lambda: once(() => new LambdaClient(PATIENCE)),
  s3: once(() => new S3Client(PATIENCE)),
  scheduler: once(() => new SchedulerClient(PATIENCE)),
  sfn: once(() => new SFNClient(PATIENCE)),
  sns: once(() => new SNSClient(PATIENCE)),
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

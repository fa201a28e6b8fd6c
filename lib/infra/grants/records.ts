import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, Surroundings } from './grant.ts';

/** Journal, locks, waits and numbers: read by key, written under conditions. Nobody scans, and nobody deletes but the sealer. */
export function records({ table }: Surroundings): Grant {
  const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'];
  return {
    statements: [
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn],
      }),
    ],
    environment: { TABLE_NAME: table.tableName },
  };
}

/** By key only, as `records`. */
export function readRecords({ table }: Surroundings): Grant {
  const actions = ['dynamodb:GetItem', 'dynamodb:Query'];
  return {
    statements: [new PolicyStatement({ actions, resources: [table.tableArn] })],
    environment: { TABLE_NAME: table.tableName },
  };
}

/**
 * What people say goes into the partition of its drill, as long as the drill holds its locks; numbers, locks, statistics
 * and seals are out of reach.
 */
export function recordPeople({ table }: Surroundings): Grant {
  const resources = [table.tableArn];
  return {
    statements: [
      new PolicyStatement({
        actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources,
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['DRILL#*'] } },
      }),
      new PolicyStatement({ actions: ['dynamodb:ConditionCheckItem'], resources }),
    ],
    environment: { TABLE_NAME: table.tableName },
  };
}

/** Sealing closes the journal, which removes its item from the open drills. */
export function seal(surroundings: Surroundings): Grant {
  const { table, bucket } = surroundings;
  return {
    statements: [
      new PolicyStatement({ actions: ['dynamodb:DeleteItem'], resources: [table.tableArn] }),
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('receipts/*')] }),
    ],
    environment: { BUCKET_NAME: bucket.bucketName },
  };
}

export function readSeries({ bucket }: Surroundings): Grant {
  return {
    statements: [
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': 'series/*' } },
      }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('series/*')] }),
    ],
    environment: { BUCKET_NAME: bucket.bucketName },
  };
}

export function writeSeries({ bucket }: Surroundings): Grant {
  return {
    statements: [
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('series/*')] }),
    ],
    environment: { BUCKET_NAME: bucket.bucketName },
  };
}

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, type Grant, type Surroundings } from './grant.ts';

/** Journal, probes, locks, waits and numbers: read by key, written under conditions. Nobody scans, and nobody deletes but the sealer. */
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

/** Sealing closes the journal, which removes its item from the open drills, and fills the archive: receipts, and their series. */
export function seal({ table, bucket }: Surroundings): Grant {
  return {
    statements: [
      ...allow(['dynamodb:DeleteItem'], [table.tableArn]),
      ...allow(
        ['s3:PutObject'],
        ['receipts/*', 'series/*'].map((pattern) => bucket.arnForObjects(pattern)),
      ),
    ],
    environment: { BUCKET_NAME: bucket.bucketName },
  };
}

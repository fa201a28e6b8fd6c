import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type ReceiptsLock, retentionOf } from './receipts-lock.ts';

/** Receipts and probe series, written once and locked, for a year unless told otherwise. It outlives the stack. */
export function receiptsBucket(scope: Construct, lock?: ReceiptsLock): Bucket {
  const objectLockDefaultRetention = retentionOf(scope, lock);
  const bucket = new Bucket(scope, 'Receipts', {
    versioned: true,
    objectLockEnabled: true,
    ...(objectLockDefaultRetention ? { objectLockDefaultRetention } : {}),
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  bucket.addToResourcePolicy(writeOnce(bucket));
  return bucket;
}

/** A lock keeps every version; this also keeps a later version from hiding an earlier one. */
function writeOnce(bucket: Bucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteOnce',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects('*')],
    conditions: {
      Null: { 's3:if-none-match': 'true' },
      // Parts of a multipart upload carry no condition; its completion does.
      Bool: { 's3:ObjectCreationOperation': 'true' },
    },
  });
}

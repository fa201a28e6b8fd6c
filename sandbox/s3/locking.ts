import type { Bucket } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import { legalHoldOf, requireChangeable, requireLockable, retentionOf } from './object-lock.ts';
import type { Version } from './object-store.ts';
import type { Operation, S3 } from './operation.ts';
import { readable } from './reading.ts';
import { xmlReply } from './reply.ts';
import type { S3Request } from './request.ts';
import { childText, parseXml } from './xml.ts';

export const getObjectRetention: Operation = (s3, request) => {
  const { retention } = lockable(s3, request).version.lock;
  if (!retention) throw new S3Error('NoSuchObjectLockConfiguration');
  return xmlReply('Retention', { Mode: retention.mode, RetainUntilDate: retention.until });
};

/** An empty `Retention` removes it. */
export const putObjectRetention: Operation = (s3, request) => {
  const { bucket, version } = lockable(s3, request);
  const wanted = parseXml(request.body, 'Retention');
  const nowMs = s3.now();
  const retention =
    wanted.children.length === 0
      ? undefined
      : retentionOf(childText(wanted, 'Mode'), childText(wanted, 'RetainUntilDate'), nowMs);
  const bypass = request.headers['x-amz-bypass-governance-retention'] === 'true';
  requireChangeable(version.lock.retention, retention, { bypass, nowMs });
  bucket.objects.lock(request.key, version.versionId, { ...version.lock, retention });
  return {};
};

export const getObjectLegalHold: Operation = (s3, request) => {
  const { legalHold } = lockable(s3, request).version.lock;
  if (!legalHold) throw new S3Error('NoSuchObjectLockConfiguration');
  return xmlReply('LegalHold', { Status: legalHold });
};

export const putObjectLegalHold: Operation = (s3, request) => {
  const { bucket, version } = lockable(s3, request);
  const legalHold = legalHoldOf(childText(parseXml(request.body, 'LegalHold'), 'Status'));
  bucket.objects.lock(request.key, version.versionId, { ...version.lock, legalHold });
  return {};
};

function lockable({ buckets }: S3, request: S3Request): { bucket: Bucket; version: Version } {
  const bucket = buckets.get(request.bucket);
  requireLockable(bucket.settings);
  return { bucket, version: readable(bucket, request.key, request.query.get('versionId')) };
}

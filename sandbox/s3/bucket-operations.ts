import { ACCOUNT, REGION } from '../aws/account.ts';
import type { Bucket, BucketSettings } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import { type DefaultRetention, modeOf } from './object-lock.ts';
import type { Operation } from './operation.ts';
import { type Reply, xmlReply } from './reply.ts';
import { child, childText, type Element, parseXml } from './xml.ts';

export const listBuckets: Operation = ({ buckets }) => {
  const Bucket = buckets.all().map(({ settings: { name, createdAtMs } }) => ({
    Name: name,
    CreationDate: new Date(createdAtMs).toISOString(),
  }));
  return xmlReply('ListAllMyBucketsResult', { Owner: { ID: ACCOUNT }, Buckets: { Bucket } });
};

/** Creating one's own bucket again succeeds, as S3 has it in us-east-1 (and nowhere else). */
export const createBucket: Operation = ({ buckets, now }, { bucket: name, headers }) => {
  if (!buckets.has(name)) {
    const lockable = headers['x-amz-bucket-object-lock-enabled'] === 'true';
    const versioned = { versioning: 'Enabled', objectLock: {} } as const;
    buckets.create({ name, createdAtMs: now(), ...(lockable ? versioned : {}) });
  }
  return { headers: { location: `/${name}` } };
};

export const headBucket: Operation = ({ buckets }, { bucket }) => {
  buckets.get(bucket);
  return { headers: { 'x-amz-bucket-region': REGION, 'content-type': 'application/xml' } };
};

export const deleteBucket: Operation = ({ buckets }, { bucket: name }) => {
  if (!buckets.get(name).objects.isEmpty())
    throw new S3Error('BucketNotEmpty', { fields: { BucketName: name } });
  buckets.remove(name);
  return { status: 204 };
};

/** us-east-1 is told by an empty element. */
export const getBucketLocation: Operation = ({ buckets }, { bucket }) => {
  buckets.get(bucket);
  return xmlReply('LocationConstraint', {});
};

export const getBucketVersioning: Operation = ({ buckets }, { bucket }) =>
  xmlReply('VersioningConfiguration', { Status: buckets.get(bucket).settings.versioning });

export const putBucketVersioning: Operation = ({ buckets }, { bucket: name, body }) => {
  const bucket = buckets.get(name);
  const versioning = childText(parseXml(body, 'VersioningConfiguration'), 'Status');
  if (versioning !== 'Enabled' && versioning !== 'Suspended') throw new S3Error('MalformedXML');
  if (versioning === 'Suspended' && bucket.settings.objectLock)
    throw new S3Error('InvalidBucketState', {
      message:
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    });
  return configured(bucket, { versioning });
};

export const getObjectLockConfiguration: Operation = ({ buckets }, { bucket }) => {
  const { objectLock } = buckets.get(bucket).settings;
  if (!objectLock)
    throw new S3Error('ObjectLockConfigurationNotFoundError', { fields: { BucketName: bucket } });
  const { defaultRetention: retention } = objectLock;
  const DefaultRetention = retention && {
    Mode: retention.mode,
    Days: retention.days,
    Years: retention.years,
  };
  return xmlReply('ObjectLockConfiguration', {
    ObjectLockEnabled: 'Enabled',
    Rule: DefaultRetention && { DefaultRetention },
  });
};

/** Also turns Object Lock on for a bucket that is versioned but was created without it. It cannot be turned off. */
export const putObjectLockConfiguration: Operation = ({ buckets }, { bucket: name, body }) => {
  const bucket = buckets.get(name);
  const configuration = parseXml(body, 'ObjectLockConfiguration');
  if (bucket.settings.versioning !== 'Enabled')
    throw new S3Error('InvalidBucketState', {
      message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    });
  if (childText(configuration, 'ObjectLockEnabled') !== 'Enabled') throw new S3Error('MalformedXML');
  const rule = child(configuration, 'Rule');
  return configured(bucket, { objectLock: { defaultRetention: rule && defaultRetentionIn(rule) } });
};

function defaultRetentionIn(rule: Element): DefaultRetention {
  const retention = child(rule, 'DefaultRetention');
  const days = retention && childText(retention, 'Days');
  const years = retention && childText(retention, 'Years');
  if (!retention || (days === undefined) === (years === undefined)) throw new S3Error('MalformedXML');
  const amount = Number(days ?? years);
  if (!Number.isInteger(amount) || amount < 1)
    throw new S3Error('InvalidArgument', {
      message: 'Default retention period must be a positive integer value.',
    });
  return {
    mode: modeOf(childText(retention, 'Mode')),
    ...(days === undefined ? { years: amount } : { days: amount }),
  };
}

function configured(bucket: Bucket, change: Partial<BucketSettings>): Reply {
  bucket.configure(change);
  return {};
}

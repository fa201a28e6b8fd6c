import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ActionJob, ActionProvider, ActionResult } from '../action.ts';
import { writeBytes } from './artifacts.ts';
import { ActionFailed, failing, required } from './failure.ts';

/** What is taken from the bucket. */
interface Wanted {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

const MISSING = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'InvalidArgument', 'MethodNotAllowed']);

/** Source/S3: the newest version of an object, or the one that the execution was started with, becomes the artifact. */
export function s3Source(s3: S3Client): ActionProvider {
  return {
    category: 'Source',
    provider: 'S3',
    run: (job) => failing(job, () => copy(s3, job, wantedBy(job))),
  };
}

function wantedBy(job: ActionJob): Wanted {
  const newest = { Bucket: required(job, 'S3Bucket'), Key: required(job, 'S3ObjectKey') };
  const { sourceRevision, configuration, actionName } = job;
  if (!sourceRevision) return newest;
  const { type, value } = sourceRevision;
  if (type === 'S3_OBJECT_VERSION_ID') return { ...newest, VersionId: value };
  if (type === 'S3_OBJECT_KEY' && configuration.AllowOverrideForS3ObjectKey === 'true')
    return { ...newest, Key: value };
  const allowed = 'S3_OBJECT_VERSION_ID, and S3_OBJECT_KEY with AllowOverrideForS3ObjectKey true';
  const message = `The source revision of the action ${actionName} is of type ${type}; allowed are ${allowed}.`;
  throw new ActionFailed('ConfigurationError', message);
}

async function copy(s3: S3Client, job: ActionJob, wanted: Wanted): Promise<ActionResult> {
  const {
    Body,
    VersionId,
    ETag = '',
  } = await s3.send(new GetObjectCommand(wanted)).catch(unavailable(wanted));
  if (!Body || !VersionId || VersionId === 'null') {
    const message = `The bucket ${wanted.Bucket} keeps no versions; enable its versioning.`;
    throw new ActionFailed('ConfigurationError', message);
  }
  await writeBytes(s3, job, await Body.transformToByteArray());
  const revisionSummary = `Amazon S3 version id: ${VersionId}`;
  return {
    status: 'Succeeded',
    externalExecutionId: VersionId,
    externalExecutionSummary: revisionSummary,
    outputVariables: { BucketName: wanted.Bucket, ObjectKey: wanted.Key, VersionId, ETag },
    revision: { revisionId: VersionId, revisionSummary },
  };
}

function unavailable({ Bucket, Key, VersionId }: Wanted) {
  return (error: Error): never => {
    if (!MISSING.has(error.name)) throw error;
    const what = VersionId ? `the version ${VersionId} of ${Key}` : `an object ${Key}`;
    throw new ActionFailed(
      'RevisionUnavailable',
      `The bucket ${Bucket} does not have ${what}: ${error.message}`,
    );
  };
}

import type { Bucket } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import { requireDeletable } from './object-lock.ts';
import type { Operation, S3 } from './operation.ts';
import { xmlReply } from './reply.ts';
import type { S3Request } from './request.ts';
import { newVersionId } from './writing.ts';
import { childText, parseXml } from './xml.ts';

interface Deletion {
  /** The version that is gone, or the delete marker that came. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
}

const DELETE_LIMIT = 1000;
const BYPASS = 'x-amz-bypass-governance-retention';

export const deleteObject: Operation = (s3, request) => {
  const bucket = s3.buckets.get(request.bucket);
  if (request.headers['if-match'] !== undefined) throw conditional();
  const deletion = remove(s3, bucket, request, request.key, request.query.get('versionId') ?? undefined);
  return {
    status: 204,
    headers: {
      'x-amz-version-id': deletion && bucket.settings.versioning && deletion.versionId,
      'x-amz-delete-marker': deletion?.deleteMarker ? 'true' : undefined,
    },
  };
};

export const deleteObjects: Operation = (s3, request) => {
  const bucket = s3.buckets.get(request.bucket);
  if (!request.checksum && !request.headers['content-md5'])
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: Content-MD5' });
  const list = parseXml(request.body, 'Delete');
  const objects = list.children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > DELETE_LIMIT) throw new S3Error('MalformedXML');
  const results = objects.map((object) => {
    const Key = childText(object, 'Key');
    if (!Key) throw new S3Error('MalformedXML');
    const VersionId = childText(object, 'VersionId');
    if (object.children.length > (VersionId === undefined ? 1 : 2)) throw conditional();
    try {
      return { Deleted: { Key, VersionId, ...marker(remove(s3, bucket, request, Key, VersionId)) } };
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      return { Error: { Key, VersionId, Code: error.code, Message: error.message } };
    }
  });
  const quiet = childText(list, 'Quiet') === 'true';
  return xmlReply('DeleteResult', {
    Deleted: quiet ? [] : results.flatMap(({ Deleted }) => Deleted ?? []),
    Error: results.flatMap(({ Error: failure }) => failure ?? []),
  });
};

/** Deleting what is not there succeeds. Without a version id a versioned bucket only gets a delete marker. */
function remove(
  { now }: S3,
  bucket: Bucket,
  { headers }: S3Request,
  key: string,
  versionId: string | undefined,
): Deletion | undefined {
  const { objects, settings } = bucket;
  if (versionId === undefined && settings.versioning) return mark(bucket, key, now());
  const version = objects.versions(key).find((candidate) => candidate.versionId === (versionId ?? 'null'));
  if (!version) return undefined;
  requireDeletable(version.lock, { bypass: headers[BYPASS] === 'true', nowMs: now() });
  objects.remove(key, version.versionId);
  return version;
}

function mark(bucket: Bucket, key: string, nowMs: number): Deletion {
  const deletion = { versionId: newVersionId(bucket), deleteMarker: true };
  const nothing = { etag: '', sizeBytes: 0, headers: {}, lock: {} };
  bucket.objects.add(key, { ...deletion, ...nothing, lastModifiedMs: nowMs }, Buffer.alloc(0));
  return deletion;
}

function marker(deletion: Deletion | undefined) {
  return deletion?.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: deletion.versionId } : {};
}

function conditional(): S3Error {
  return new S3Error('NotImplemented', { message: 'The sandbox does not support conditional deletes.' });
}

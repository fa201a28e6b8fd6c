import type { Bucket } from './bucket-store.ts';
import { checksumHeaders } from './checksums.ts';
import { readingOf } from './conditions.ts';
import { S3Error } from './errors.ts';
import { lockHeaders } from './object-lock.ts';
import type { Version } from './object-store.ts';
import type { Operation } from './operation.ts';
import { rangeOf } from './range.ts';
import type { Reply } from './reply.ts';
import type { S3Request } from './request.ts';

export const getObject: Operation = ({ buckets }, request) => {
  const bucket = buckets.get(request.bucket);
  const version = readable(bucket, request.key, request.query.get('versionId'));
  return reading(bucket, version, request, () => bucket.objects.body(request.key, version));
};

export const headObject: Operation = ({ buckets }, request) => {
  const bucket = buckets.get(request.bucket);
  return reading(bucket, readable(bucket, request.key, request.query.get('versionId')), request);
};

/** The named version, or the latest. Throws what S3 says when there is none, or only a delete marker. */
export function readable({ objects, settings }: Bucket, key: string, versionId: string | null): Version {
  const version =
    versionId === null
      ? objects.latest(key)
      : objects.versions(key).find((candidate) => candidate.versionId === versionId);
  if (version && !version.deleteMarker) return version;
  if (!version && versionId !== null)
    throw new S3Error('NoSuchVersion', { fields: { Key: key, VersionId: versionId } });
  const headers: Record<string, string> = version
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
    : {};
  if (version && versionId !== null && settings.versioning)
    throw new S3Error('MethodNotAllowed', { headers: { ...headers, allow: 'DELETE' } });
  throw new S3Error('NoSuchKey', { fields: { Key: key }, headers });
}

function reading(bucket: Bucket, version: Version, request: S3Request, read?: () => Buffer): Reply {
  const headers = {
    etag: version.etag,
    'last-modified': new Date(version.lastModifiedMs).toUTCString(),
    'x-amz-version-id': bucket.settings.versioning && version.versionId,
  };
  if (readingOf(request.headers, version) === 'not-modified') return { status: 304, headers };
  const range = rangeOf(request.headers.range, version.sizeBytes);
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  const body = read?.().subarray(first, last + 1);
  // A checksum of the whole object would not fit a part of it.
  const checksum =
    request.headers['x-amz-checksum-mode'] === 'ENABLED' && !range ? version.checksum : undefined;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...version.headers,
      ...overrides(request.query),
      ...lockHeaders(version.lock),
      ...checksumHeaders(checksum),
      'accept-ranges': 'bytes',
      'content-length': String(last - first + 1),
      'content-range': range && `bytes ${first}-${last}/${version.sizeBytes}`,
    },
    ...(body ? { body } : {}),
  };
}

/** `response-content-type=…` and the like replace the headers of this one answer. */
function overrides(query: URLSearchParams): Record<string, string> {
  const prefix = 'response-';
  return Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

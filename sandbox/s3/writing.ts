import { createHash } from 'node:crypto';
import type { Bucket } from './bucket-store.ts';
import {
  type Algorithm,
  algorithmNamed,
  type Checksum,
  checksumElement,
  checksumHeaders,
  checksumOf,
} from './checksums.ts';
import { requireCopyable, requireWritable } from './conditions.ts';
import { S3Error } from './errors.ts';
import { asksForLock, lockOf } from './object-lock.ts';
import type { Version } from './object-store.ts';
import type { Operation, S3 } from './operation.ts';
import { readable } from './reading.ts';
import { type Reply, xmlReply } from './reply.ts';
import { placeIn, type S3Request } from './request.ts';

const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];
const META = 'x-amz-meta-';
const META_LIMIT_BYTES = 2048;

export const putObject: Operation = (s3, request) => {
  const { headers, body, checksum } = request;
  const bucket = s3.buckets.get(request.bucket);
  if (headers['x-amz-copy-source'] !== undefined) return copyObject(s3, bucket, request);
  if (asksForLock(headers) && !checksum && !headers['content-md5'])
    throw new S3Error('InvalidRequest', {
      message:
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    });
  const version = store(s3, bucket, request, { body, checksum, headers: contentHeaders(headers) });
  return {
    headers: { etag: version.etag, ...versionHeader(bucket, version), ...checksumHeaders(checksum) },
  };
};

function copyObject(s3: S3, bucket: Bucket, request: S3Request): Reply {
  const { headers } = request;
  const [path = '', parameters] = (headers['x-amz-copy-source'] ?? '').split('?');
  const from = placeIn(path);
  const source = s3.buckets.get(from.bucket);
  const version = readable(source, from.key, new URLSearchParams(parameters).get('versionId'));
  requireCopyable(headers, version);
  const replace = headers['x-amz-metadata-directive'] === 'REPLACE';
  if (source === bucket && from.key === request.key && !replace && parameters === undefined)
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  const body = source.objects.body(from.key, version);
  const copy = store(s3, bucket, request, {
    body,
    checksum: checksumOfCopy(headers['x-amz-checksum-algorithm'], version, body),
    headers: replace ? contentHeaders(headers) : version.headers,
  });
  const result = { ETag: copy.etag, LastModified: new Date(copy.lastModifiedMs).toISOString() };
  return xmlReply(
    'CopyObjectResult',
    { ...result, ...checksumElement(copy.checksum) },
    {
      ...versionHeader(bucket, copy),
      'x-amz-copy-source-version-id': source.settings.versioning && version.versionId,
    },
  );
}

interface Content {
  readonly body: Buffer;
  readonly checksum: Checksum | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Nothing may wait between the condition and the write: that is why exactly one of several racers wins. */
function store(
  { now }: S3,
  bucket: Bucket,
  { key, headers }: S3Request,
  content: Content,
): Omit<Version, 'file'> {
  const lock = lockOf(headers, bucket.settings, now());
  requireWritable(headers, bucket.objects.latest(key));
  const version = {
    versionId: newVersionId(bucket),
    lastModifiedMs: now(),
    deleteMarker: false,
    etag: `"${createHash('md5').update(content.body).digest('hex')}"`,
    sizeBytes: content.body.length,
    headers: content.headers,
    checksum: content.checksum,
    lock,
  };
  bucket.objects.add(key, version, content.body);
  return version;
}

/** Without versioning, and while it is suspended, there is one version that every write replaces. */
export function newVersionId({ settings }: Bucket): string {
  return settings.versioning === 'Enabled' ? crypto.randomUUID().replaceAll('-', '') : 'null';
}

function versionHeader({ settings }: Bucket, { versionId }: Pick<Version, 'versionId'>): Reply['headers'] {
  return { 'x-amz-version-id': settings.versioning && versionId };
}

function checksumOfCopy(name: string | undefined, source: Version, body: Buffer): Checksum | undefined {
  const algorithm: Algorithm | undefined = name === undefined ? undefined : algorithmNamed(name);
  if (!algorithm || algorithm === source.checksum?.algorithm) return source.checksum;
  return checksumOf(algorithm, body);
}

function contentHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => KEPT_HEADERS.includes(name) || name.startsWith(META),
  );
  const metaBytes = kept
    .filter(([name]) => name.startsWith(META))
    .reduce((sum, [name, value]) => sum + name.length - META.length + Buffer.byteLength(value), 0);
  if (metaBytes > META_LIMIT_BYTES) throw new S3Error('MetadataTooLarge');
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',');
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept),
    ...(encoding ? { 'content-encoding': encoding } : {}),
  };
}

import type { XmlObject } from '../aws/protocol.ts';
import type { Bucket } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import { compareKeys, type Version } from './object-store.ts';
import type { Operation } from './operation.ts';
import { type Page, pageOf } from './page.ts';
import { xmlReply } from './reply.ts';

interface Entry {
  readonly key: string;
  readonly version: Version;
  readonly isLatest: boolean;
}

export const listObjectsV2: Operation = ({ buckets }, { bucket: name, query }) => {
  const { objects } = buckets.get(name);
  if (query.get('list-type') !== '2')
    throw new S3Error('InvalidArgument', { message: 'Invalid List Type specified in Request' });
  const token = query.get('continuation-token') ?? undefined;
  const startAfter = query.get('start-after') ?? undefined;
  const after = token === undefined ? (startAfter ?? '') : fromToken(token);
  const present = objects.keys().flatMap((key): Entry[] => {
    const version = objects.latest(key);
    return version && !version.deleteMarker && compareKeys(key, after) > 0
      ? [{ key, version, isLatest: true }]
      : [];
  });
  const page = pageOf(present, query, after);
  const encoded = encoderFor(query);
  return xmlReply('ListBucketResult', {
    ...common(name, query, page),
    StartAfter: startAfter === undefined ? undefined : encoded(startAfter),
    KeyCount: page.entries.length + page.prefixes.length,
    ContinuationToken: token,
    NextContinuationToken: page.truncatedAt === undefined ? undefined : toToken(page.truncatedAt),
    Contents: page.entries.map(({ key, version }) => ({ Key: encoded(key), ...content(version) })),
  });
};

export const listObjectVersions: Operation = ({ buckets }, { bucket: name, query }) => {
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  const entries = entriesAfter(allVersions(buckets.get(name)), keyMarker, versionMarker);
  const page = pageOf(entries, query, keyMarker);
  const encoded = encoderFor(query);
  const identity = ({ key, version, isLatest }: Entry) => ({
    Key: encoded(key),
    VersionId: version.versionId,
    IsLatest: isLatest,
  });
  const last = page.entries.at(-1);
  return xmlReply('ListVersionsResult', {
    ...common(name, query, page),
    KeyMarker: encoded(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: page.truncatedAt === undefined ? undefined : encoded(page.truncatedAt),
    NextVersionIdMarker: last && last.key === page.truncatedAt ? last.version.versionId : undefined,
    Version: page.entries
      .filter(({ version }) => !version.deleteMarker)
      .map((entry) => ({ ...identity(entry), ...content(entry.version) })),
    DeleteMarker: page.entries
      .filter(({ version }) => version.deleteMarker)
      .map((entry) => ({ ...identity(entry), LastModified: lastModified(entry.version) })),
  });
};

/** By key, and the newest version of a key first. */
function allVersions({ objects }: Bucket): Entry[] {
  return objects.keys().flatMap((key) => {
    const versions = objects.versions(key);
    return versions
      .map((version, index) => ({ key, version, isLatest: index === versions.length - 1 }))
      .reverse();
  });
}

function entriesAfter(entries: readonly Entry[], keyMarker: string, versionMarker: string): readonly Entry[] {
  const marked = entries.findIndex(
    ({ key, version }) => key === keyMarker && version.versionId === versionMarker,
  );
  if (marked >= 0) return entries.slice(marked + 1);
  return entries.filter(({ key }) => compareKeys(key, keyMarker) > 0);
}

function common(name: string, query: URLSearchParams, page: Page<Entry>): XmlObject {
  const encoded = encoderFor(query);
  const delimiter = query.get('delimiter');
  return {
    Name: name,
    Prefix: encoded(query.get('prefix') ?? ''),
    Delimiter: delimiter ? encoded(delimiter) : undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxKeys: page.limit,
    IsTruncated: page.truncatedAt !== undefined,
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encoded(prefix) })),
  };
}

function content(version: Version): XmlObject {
  return {
    LastModified: lastModified(version),
    ETag: version.etag,
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum && 'FULL_OBJECT',
    Size: version.sizeBytes,
    StorageClass: 'STANDARD',
  };
}

/** S3 keeps whole seconds. */
function lastModified({ lastModifiedMs }: Version): string {
  return new Date(Math.floor(lastModifiedMs / 1000) * 1000).toISOString();
}

function encoderFor(query: URLSearchParams): (text: string) => string {
  if (query.get('encoding-type') !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (toToken(key) === token) return key;
  throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
}

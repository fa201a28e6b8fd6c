import { S3Error } from './errors.ts';
import type { Version } from './object-store.ts';

type Headers = Readonly<Record<string, string>>;

/** Throws `PreconditionFailed` (or `NoSuchKey`) when the object is not what the writer expected to replace. */
export function requireWritable(headers: Headers, current: Version | undefined): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const existing = current?.deleteMarker ? undefined : current;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', { fields: { Header: 'If-None-Match' } });
    if (existing) throw failed('If-None-Match');
  }
  if (ifMatch === undefined) return;
  if (!existing) throw new S3Error('NoSuchKey');
  if (!matches(ifMatch, existing.etag)) throw failed('If-Match');
}

/** Whether a reader gets the object or hears that it has not changed. Throws `PreconditionFailed`. */
export function readingOf(headers: Headers, version: Version): 'changed' | 'not-modified' {
  const modified = Math.floor(version.lastModifiedMs / 1000) * 1000;
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) throw failed('If-Match');
  } else if (modified > timeOf(headers['if-unmodified-since'], Number.POSITIVE_INFINITY)) {
    throw failed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version.etag) ? 'not-modified' : 'changed';
  return modified <= timeOf(headers['if-modified-since'], Number.NEGATIVE_INFINITY)
    ? 'not-modified'
    : 'changed';
}

/** The same conditions on the source of a copy, where "not modified" is a failure too. */
export function requireCopyable(headers: Headers, source: Version): void {
  const prefix = 'x-amz-copy-source-';
  const conditions = Object.entries(headers)
    .filter(([name]) => name.startsWith(`${prefix}if-`))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  if (readingOf(Object.fromEntries(conditions), source) === 'not-modified')
    throw failed('x-amz-copy-source-if');
}

function matches(header: string, etag: string): boolean {
  const bare = (text: string) => text.trim().replace(/^W\//, '').replaceAll('"', '');
  return header.split(',').some((candidate) => bare(candidate) === '*' || bare(candidate) === bare(etag));
}

/** A date that cannot be read is ignored, as HTTP demands. */
function timeOf(header: string | undefined, otherwise: number): number {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? otherwise : time;
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { fields: { Condition: condition } });
}

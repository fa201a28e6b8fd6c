import { ACCOUNT } from '../aws/account.ts';
import type { HttpRequest } from '../aws/protocol.ts';
import { type Checksum, verified } from './checksums.ts';
import { decodeChunks } from './chunked.ts';
import { S3Error } from './errors.ts';

/** A request as S3 understands it. `bucket` and `key` are empty when the path does not name them. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The checksum that came with the body, once it was found right. */
  readonly checksum: Checksum | undefined;
}

const KEY_LIMIT_BYTES = 1024;
/** What a presigned URL carries about itself. A client signs it for an empty body, so its checksum says nothing. */
const PRESIGNED =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|checksum-.*|sdk-checksum-algorithm)$/;

/** Throws when the request has expired, is for another owner, or came with a body that is not what was sent. */
export function parseRequest(request: HttpRequest, nowMs: number): S3Request {
  requireUnexpired(request.query, nowMs);
  const headers = { ...hoistedHeaders(request.query), ...request.headers };
  const owner = headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== ACCOUNT) throw new S3Error('AccessDenied');
  const payload = isChunked(headers) ? decodeChunks(request.body) : { body: request.body, trailers: {} };
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== payload.body.length) throw new S3Error('IncompleteBody');
  const { method, query } = request;
  return {
    method,
    query,
    headers,
    ...placeIn(request.path),
    body: payload.body,
    checksum: verified(headers, payload),
  };
}

/** Splits `/bucket/key/with/slashes`, the only form of address that works for an endpoint without a name. */
export function placeIn(path: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = path.match(/^\/?([^/]*)\/?(.*)$/s) ?? [];
  const place = { bucket: decode(bucket), key: decode(key) };
  if (Buffer.byteLength(place.key) > KEY_LIMIT_BYTES) throw new S3Error('KeyTooLongError');
  return place;
}

/** In a presigned URL, `x-amz-…` headers travel as parameters. */
function hoistedHeaders(query: URLSearchParams): Record<string, string> {
  const lower = [...query].map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => name.startsWith('x-amz-') && !PRESIGNED.test(name)));
}

function requireUnexpired(query: URLSearchParams, nowMs: number): void {
  const lifetimeSeconds = query.get('X-Amz-Expires');
  if (lifetimeSeconds === null) return;
  const iso = query
    .get('X-Amz-Date')
    ?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const expiresMs = Date.parse(iso ?? '') + Number(lifetimeSeconds) * 1000;
  if (!(expiresMs > nowMs)) throw new S3Error('AccessDenied', { message: 'Request has expired' });
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    /\baws-chunked\b/.test(headers['content-encoding'] ?? '') ||
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

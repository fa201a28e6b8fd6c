import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { REGION } from '../aws/account.ts';
import type { SentRequest } from './request.ts';

const SERVICE = 'execute-api';
/** By how much the clocks of caller and API may differ. */
const SKEW_MS = 5 * 60_000;

/**
 * The access key id by which a request is signed with Signature Version 4, in its header `Authorization`; `undefined` when it
 * is not, or not well, or not now. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signerOf(request: SentRequest, secretAccessKey: string, nowMs: number): string | undefined {
  const { accessKeyId, date, region, service, signed, signature } =
    FORM.exec(request.headers.authorization ?? '')?.groups ?? {};
  const time = request.headers['x-amz-date'] ?? '';
  const names = signed?.split(';') ?? [];
  if (!accessKeyId || !date || !signature) return undefined;
  if (region !== REGION || service !== SERVICE || !time.startsWith(date) || !isNear(time, nowMs))
    return undefined;
  if (!names.includes('host') || names.some((name) => request.headers[name] === undefined)) return undefined;
  const scope = `${date}/${REGION}/${SERVICE}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical(request, names))].join('\n');
  const key = [date, REGION, SERVICE, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const expected = hmac(key, text);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? accessKeyId : undefined;
}

const FORM =
  /^AWS4-HMAC-SHA256 +Credential=(?<accessKeyId>[^/,\s]{1,128})\/(?<date>\d{8})\/(?<region>[\w-]+)\/(?<service>[\w-]+)\/aws4_request, *SignedHeaders=(?<signed>[^,\s]+), *Signature=(?<signature>[0-9a-f]{64})$/;

/** `20261121T153000Z`. */
function isNear(time: string, nowMs: number): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time)?.slice(1);
  if (!parts) return false;
  const [year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Math.abs(nowMs - at) <= SKEW_MS;
}

function canonical({ method, path, query, headers, body }: SentRequest, names: readonly string[]): string {
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${headers[name]?.replaceAll(/\s+/g, ' ').trim()}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
}

/** What was sent, without empty and dotted segments, encoded once more: that is so for every service but S3. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encoded(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter(Boolean);
  return pairs
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return `${encoded(decoded(name))}=${encoded(decoded(value))}`;
    })
    .sort()
    .join('&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986, which keeps fewer characters than `encodeURIComponent`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

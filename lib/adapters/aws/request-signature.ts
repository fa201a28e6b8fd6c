import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Signing {
  /** As it is sent: what has to be encoded in its path and query is. */
  readonly url: URL;
  readonly method: string;
  readonly body: string;
  readonly credentials: Credentials;
  readonly region: string;
  /** By the name that IAM gives it, like `execute-api`. */
  readonly service: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The headers that make a request one of the caller, by Signature Version 4; the secret is not in them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureHeaders(signing: Signing): Readonly<Record<string, string>> {
  const { url, credentials, region, service, at } = signing;
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const token = credentials.sessionToken;
  const own = { 'x-amz-date': time, ...(token ? { 'x-amz-security-token': token } : {}) };
  const signed = { host: url.host, ...own };
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical(signing, signed))].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}`,
    `SignedHeaders=${Object.keys(signed).join(';')}`,
    `Signature=${hmac(key, text).toString('hex')}`,
  ].join(', ');
  return { ...own, authorization };
}

/** The headers come in the order of their names. */
function canonical({ method, url, body }: Signing, headers: Readonly<Record<string, string>>): string {
  return [
    method,
    canonicalPath(url.pathname),
    [...url.searchParams]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    '',
    Object.keys(headers).join(';'),
    sha256(body),
  ].join('\n');
}

/** Without empty segments, and encoded once more: that is so for every service but S3. */
function canonicalPath(path: string): string {
  const segments = path.split('/').filter(Boolean).map(encoded);
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** RFC 3986, which keeps fewer characters than `encodeURIComponent`. */
function encoded(text: string): string {
  const rest = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, rest);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

import { validateHeaderValue } from 'node:http';
import type { HttpResponse, XmlObject } from '../aws/protocol.ts';
import { S3Error } from './errors.ts';
import { xmlDocument, xmlError } from './xml.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer | string;
}

export function xmlReply(root: string, value: XmlObject, headers: Reply['headers'] = {}): Reply {
  return { headers: { 'content-type': 'application/xml', ...headers }, body: xmlDocument(root, value) };
}

/** Throws `InvalidArgument` for a header that cannot be sent, such as one with a line break in it. */
export function respond({ status = 200, headers = {}, body = '' }: Reply): HttpResponse {
  const sent: Record<string, string> = {
    'x-amz-request-id': requestId(),
    'content-length': String(Buffer.byteLength(body)),
  };
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) sent[name] = sendable(name, value);
  if (status === 204 || status === 304) delete sent['content-length'];
  return { status, headers: sent, body };
}

export function respondWithError(error: S3Error, resource: string): HttpResponse {
  const requestIdentity = requestId();
  const { code, message, fields, statusCode: status } = error;
  const members = { Code: code, Message: message, ...(fields as XmlObject) };
  const body = xmlError({ ...members, Resource: resource, RequestId: requestIdentity, HostId: 'sandbox' });
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestIdentity };
  return respond({ status, headers: { ...headers, ...error.headers }, body });
}

function requestId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
}

function sendable(name: string, value: string): string {
  try {
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw new S3Error('InvalidArgument', { message: `The header ${name} cannot have this value.` });
  }
}

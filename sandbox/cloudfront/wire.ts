import { AwsError, type HttpResponse, internalFailure, toXml, type XmlObject } from '../aws/protocol.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** Statuses of errors, where not 400. */
const STATUS: Readonly<Record<string, number>> = {
  BatchTooLarge: 413,
  NoSuchDistribution: 404,
  NoSuchInvalidation: 404,
};

export function cloudFrontError(code: string, message: string): AwsError {
  return new AwsError(code, message, { statusCode: STATUS[code] ?? 400 });
}

export function xmlReply(
  root: string,
  value: XmlObject,
  { status = 200, headers = {} }: Pick<Partial<HttpResponse>, 'status' | 'headers'> = {},
): HttpResponse {
  return { status, headers: { 'content-type': 'text/xml', ...headers }, body: documentOf(root, value) };
}

/** Anything that is no error of AWS becomes a 500. */
export function errorReply(cause: unknown): HttpResponse {
  const { code, message, statusCode } = cause instanceof AwsError ? cause : internalFailure(cause);
  const error = { Type: statusCode < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return xmlReply('ErrorResponse', { Error: error, RequestId: crypto.randomUUID() }, { status: statusCode });
}

function documentOf(root: string, value: XmlObject): string {
  return HEAD + toXml(root, value).replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`);
}

/** How AWS services talk on the wire. Services are tables of operations; these turn them into endpoints. */

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Aborts when the client no longer waits for the answer. */
  readonly abandoned?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;

export type JsonObject = Record<string, unknown>;

/** Throws {@link AwsError} for what AWS would refuse; anything else that it throws becomes a 500. */
export type Operation = (input: JsonObject) => Promise<object> | object;

/** An error as an AWS client sees it: `code` is the exception's name, `fields` are its further members. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly statusCode: number;
  readonly fields: JsonObject;

  constructor(
    code: string,
    message: string,
    { statusCode = 400, fields = {} }: { statusCode?: number; fields?: JsonObject } = {},
  ) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
    this.fields = fields;
  }
}

/** AWS JSON 1.0 and 1.1: `POST /` with `X-Amz-Target: Prefix.Operation`. */
export function jsonEndpoint(
  operations: Readonly<Record<string, Operation>>,
  version: '1.0' | '1.1',
): Endpoint {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  const failure = (error: AwsError): HttpResponse => ({
    status: error.statusCode,
    headers: { ...headers, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ __type: error.code, message: error.message, ...error.fields }),
  });
  return async (request) => {
    try {
      const name = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw unknownOperation(name, Object.keys(operations));
      return { status: 200, headers, body: JSON.stringify(await operation(parseBody(request.body))) };
    } catch (error) {
      return failure(error instanceof AwsError ? error : internalFailure(error));
    }
  };
}

/** AWS Query: form-urlencoded `Action=…` in, XML out. An operation returns the members of its `…Result` element. */
export function queryEndpoint(
  operations: Readonly<
    Record<string, (input: Readonly<Record<string, string>>) => Promise<XmlObject> | XmlObject>
  >,
  namespace: string,
): Endpoint {
  const headers = { 'content-type': 'text/xml' };
  return async (request) => {
    const input = Object.fromEntries(new URLSearchParams(request.body.toString()));
    const name = input.Action ?? '';
    try {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation)
        throw new AwsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
      const result = toXml(`${name}Result`, await operation(input));
      const body = `<${name}Response xmlns="${namespace}">${result}<ResponseMetadata><RequestId>${crypto.randomUUID()}</RequestId></ResponseMetadata></${name}Response>`;
      return { status: 200, headers, body };
    } catch (cause) {
      const error = cause instanceof AwsError ? cause : internalFailure(cause);
      const detail = toXml('Error', {
        Type: error.statusCode < 500 ? 'Sender' : 'Receiver',
        Code: error.code,
        Message: error.message,
      });
      return {
        status: error.statusCode,
        headers,
        body: `<ErrorResponse xmlns="${namespace}">${detail}</ErrorResponse>`,
      };
    }
  };
}

export type XmlValue = string | number | boolean | undefined | XmlObject | readonly XmlValue[];
export interface XmlObject {
  readonly [member: string]: XmlValue;
}

/** An array becomes repeated elements; `undefined` becomes nothing. */
export function toXml(tag: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => toXml(tag, item)).join('');
  const inner =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([key, member]) => toXml(key, member))
          .join('')
      : escapeXml(String(value));
  return `<${tag}>${inner}</${tag}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unknownOperation(name: string, supported: readonly string[]): AwsError {
  const message = `The sandbox does not support the operation '${name}'. It supports: ${supported.join(', ')}.`;
  return new AwsError('UnknownOperationException', message);
}

export function internalFailure(error: unknown): AwsError {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', message, { statusCode: 500 });
}

function parseBody(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString()) as JsonObject;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}

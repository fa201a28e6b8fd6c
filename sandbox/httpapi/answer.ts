import type { Invocation } from '../aws/functions.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** What an HTTP API says by itself. */
export function refusal(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** Whatever went wrong with the function, callers hear no more of it. */
export const FAULT = refusal(500, 'Internal Server Error');

/**
 * What a function's result means to an HTTP API: an answer, or, without a `statusCode`, a document that is one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function answerFrom(invocation: Invocation): Answer {
  if (invocation.kind === 'function-error') return FAULT;
  const { payload } = invocation;
  if (!isResult(payload)) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded = false, cookies = [] } = payload;
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) return FAULT;
  const told = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(told),
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

interface Result {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: readonly string[];
}

function isResult(payload: unknown): payload is Result {
  return typeof payload === 'object' && payload !== null && 'statusCode' in payload;
}

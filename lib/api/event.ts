import * as v from 'valibot';
import { identityOf, type Vouched } from '../drill/people/identity.ts';
import type { Reply } from './reply.ts';

/** A request as an HTTP API hands it to a function: payload format 2.0. */
export const HttpEvent = v.object({
  version: v.literal('2.0'),
  rawPath: v.string(),
  rawQueryString: v.optional(v.string(), ''),
  /** Names are in lower case; what was sent more than once is joined by commas. */
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
  requestContext: v.object({
    requestId: v.string(),
    http: v.object({ method: v.string() }),
    authorizer: v.nullish(
      v.looseObject({ iam: v.nullish(v.looseObject({ userArn: v.nullish(v.string()) })) }),
    ),
  }),
});

export type HttpEvent = v.InferOutput<typeof HttpEvent>;

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Request {
  readonly id: string;
  readonly method: string;
  /** As it was sent, percent-encoded or not. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Who has signed the request, as IAM tells it; `null` when nobody has. */
  readonly caller: Vouched | null;
}

export function requestFrom(event: HttpEvent): Request {
  const { rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext } = event;
  const arn = requestContext.authorizer?.iam?.userArn;
  return {
    id: requestContext.requestId,
    method: requestContext.http.method,
    path: rawPath,
    query: new URLSearchParams(rawQueryString),
    headers,
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    caller: arn ? identityOf(arn) : null,
  };
}

/** Nothing that is told here is kept by anybody on the way, or taken for something else. */
export function resultFrom({ status, headers, body }: Reply): HttpResult {
  const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return { statusCode: status, headers: { ...always, ...headers }, body };
}

import { json, type Reply } from './reply.ts';

/** What can go wrong with a request, by RFC 9457. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'not-acceptable': { status: 406, title: 'The answer cannot be given in this form' },
  conflict: { status: 409, title: 'The drill does not take this now' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not in a form that is read' },
  'internal-fault': { status: 500, title: 'The answer could not be made' },
  unavailable: { status: 503, title: 'The records cannot be reached now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemName = keyof typeof PROBLEMS;

/** One wrong part of a request. */
export interface FieldError {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly field: string;
  /** What was received, and what is allowed. */
  readonly message: string;
}

/** Why there is no answer. */
export interface Problem {
  readonly kind: 'problem';
  readonly name: ProblemName;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(
  name: ProblemName,
  detail: string,
  more: Pick<Problem, 'errors' | 'headers'> = {},
): Problem {
  return { kind: 'problem', name, detail, ...more };
}

/** A problem as `application/problem+json`; `instance` tells the request, so that its log can be found. */
export function problemReply({ name, detail, errors, headers = {} }: Problem, requestId: string): Reply {
  const { status, title } = PROBLEMS[name];
  const document = {
    type: `urn:rollback-drill:problem:${name}`,
    title,
    status,
    detail,
    instance: `urn:request:${requestId}`,
    ...(errors ? { errors } : {}),
  };
  return json(document, status, { 'content-type': 'application/problem+json', ...headers });
}

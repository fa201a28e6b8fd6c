import { ACCOUNT, REGION } from '../aws/account.ts';
import type { Principal } from '../sts/principal.ts';
import type { SentRequest } from './request.ts';

const API_ID = 'sandboxapi';

interface Call {
  readonly requestId: string;
  readonly atMs: number;
  readonly accessKeyId: string;
  readonly principal: Principal;
}

/**
 * What an HTTP API hands to its function, in payload format 2.0. The path is decoded, whatever the documentation calls raw.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * `undefined` for a path that nobody can decode.
 */
export function eventFrom(request: SentRequest, call: Call): object | undefined {
  const { method, query, headers, cookies, body } = request;
  const path = decodedPath(request.path);
  if (path === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  const isText = TEXT.test(headers['content-type'] ?? 'text/plain');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: {
      ...headers,
      'x-forwarded-for': request.sourceIp,
      'x-forwarded-proto': 'http',
    },
    ...(parameters.size > 0 ? { queryStringParameters: joined(parameters) } : {}),
    requestContext: { ...contextOf(request, call), http: httpOf(request, method, path) },
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

const TEXT = /^\s*(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/javascript\b)/i;

function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** What is there more than once is joined by commas. */
function joined(parameters: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]),
  );
}

function contextOf({ headers }: SentRequest, { requestId, atMs, accessKeyId, principal }: Call): object {
  return {
    accountId: ACCOUNT,
    apiId: API_ID,
    authorizer: {
      iam: {
        accessKey: accessKeyId,
        accountId: principal.Account,
        callerId: principal.UserId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: principal.Arn,
        userId: principal.UserId,
      },
    },
    domainName: headers.host ?? `${API_ID}.execute-api.${REGION}.amazonaws.com`,
    domainPrefix: API_ID,
    requestId,
    routeKey: '$default',
    stage: '$default',
    time: logTime(atMs),
    timeEpoch: atMs,
  };
}

function httpOf({ headers, sourceIp }: SentRequest, method: string, path: string): object {
  return { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' };
}

/** `12/Mar/2026:19:03:58 +0000`. */
function logTime(atMs: number): string {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

import {
  AwsError,
  type Endpoint,
  type HttpRequest,
  type HttpResponse,
  internalFailure,
  type JsonObject,
} from '../aws/protocol.ts';

/** An operation on the thing that the path names; parameters come from the query, members from the body. */
export type RestOperation = (name: string, members: JsonObject, parameters: URLSearchParams) => JsonObject;

/** Operations by method and kind of path, such as `POST /schedules/{Name}`. */
export type Routes = Readonly<Record<string, RestOperation>>;

export function restEndpoint(routes: Routes): Endpoint {
  return async (request) => {
    try {
      return answer(200, route(routes, request));
    } catch (cause) {
      const error = cause instanceof AwsError ? cause : internalFailure(cause);
      const body = { ...error.fields, Message: error.message };
      return answer(error.statusCode, body, { 'x-amzn-errortype': error.code });
    }
  };
}

function route(routes: Routes, request: HttpRequest): JsonObject {
  const [collection, name, ...rest] = request.path.split('/').slice(1).map(decodeURIComponent);
  const kind = `${request.method} /${collection}${name ? '/{Name}' : ''}`;
  const operation = rest.length === 0 && Object.hasOwn(routes, kind) ? routes[kind] : undefined;
  if (operation) return operation(name ?? '', membersOf(request.body), request.query);
  const message = `The sandbox does not support ${request.method} ${request.path}. It supports: ${Object.keys(routes).join(', ')}.`;
  throw new AwsError('UnknownOperationException', message, { statusCode: 404 });
}

function membersOf(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('ValidationException', 'The request body is not valid JSON.');
  }
}

function answer(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

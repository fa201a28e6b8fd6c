import { arn } from '../aws/account.ts';
import {
  AwsError,
  type Endpoint,
  type HttpRequest,
  type HttpResponse,
  internalFailure,
} from '../aws/protocol.ts';
import type { Background } from './background.ts';
import type { FunctionConfiguration, Invocable } from './service.ts';

interface Functions {
  readonly configurations: readonly FunctionConfiguration[];
  readonly find: (functionName: string) => Invocable;
  readonly background: Background;
}

const MAX_REQUEST_BYTES = 6_291_456;
const MAX_EVENT_BYTES = 1_048_576;

/** Lambda's REST API: invocations and a read-only view of the functions. */
export function lambdaEndpoint(functions: Functions): Endpoint {
  return async (request) => {
    try {
      return await route(functions, request);
    } catch (error) {
      return failure(error instanceof AwsError ? error : internalFailure(error));
    }
  };
}

function route(functions: Functions, request: HttpRequest): Promise<HttpResponse> | HttpResponse {
  const [api, collection, encodedName, resource, ...rest] = request.path.split('/').slice(1);
  const known = api === '2015-03-31' && collection === 'functions' && rest.length === 0;
  const asked = `${request.method} ${encodedName ? '/name' : ''}${resource ? `/${resource}` : ''}`;
  const find = () => functions.find(qualifiedName(encodedName ?? '', request));
  if (known && asked === 'POST /name/invocations') return invoke(functions.background, find(), request);
  if (known && asked === 'GET /name/configuration') return json(200, describe(find().configuration));
  if (known && asked === 'GET /name') return json(200, getFunction(find().configuration));
  if (known && asked === 'GET ') return json(200, { Functions: functions.configurations.map(describe) });
  throw new AwsError(
    'UnknownOperationException',
    `The sandbox does not support ${request.method} ${request.path}. It supports: Invoke, GetFunction, GetFunctionConfiguration, ListFunctions.`,
    { statusCode: 404 },
  );
}

function qualifiedName(encodedName: string, request: HttpRequest): string {
  const qualifier = request.query.get('Qualifier');
  return decodeURIComponent(encodedName) + (qualifier ? `:${qualifier}` : '');
}

async function invoke(
  background: Background,
  invocable: Invocable,
  request: HttpRequest,
): Promise<HttpResponse> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const event = eventOf(request.body, type);
  const headers = { 'x-amz-executed-version': '$LATEST' };
  if (type === 'DryRun') return { status: 204, headers };
  if (type === 'Event') {
    background.accept(() => invocable.run(event));
    return { status: 202 };
  }
  const outcome = await invocable.run(event);
  if (outcome.kind === 'result') return { ...json(200, undefined, headers), body: outcome.payload };
  return json(200, outcome.failure, { ...headers, 'x-amz-function-error': 'Unhandled' });
}

function eventOf(body: Buffer, type: string): string {
  if (type !== 'RequestResponse' && type !== 'Event' && type !== 'DryRun')
    throw new AwsError('InvalidParameterValueException', `Unknown invocation type '${type}'.`);
  const limit = type === 'Event' ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES;
  if (body.length > limit) throw tooLarge(limit);
  if (body.length === 0) return '{}';
  const text = body.toString();
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${error instanceof Error ? error.message : error}`;
    throw new AwsError('InvalidRequestContentException', message, { fields: { Type: 'User' } });
  }
}

function tooLarge(limit: number): AwsError {
  const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
  return new AwsError('RequestTooLargeException', message, { statusCode: 413, fields: { Type: 'User' } });
}

function getFunction(configuration: FunctionConfiguration): object {
  return {
    Configuration: describe(configuration),
    Code: { RepositoryType: 'S3', Location: `file://${configuration.directory}` },
  };
}

function describe(configuration: FunctionConfiguration): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: arn('lambda', `function:${configuration.name}`),
    Runtime: 'nodejs24.x',
    Handler: configuration.handler,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    Environment: { Variables: configuration.environment },
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${configuration.name}` },
  };
}

function json(
  status: number,
  body: object | undefined,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  };
}

function failure(error: AwsError): HttpResponse {
  const headers = { 'x-amzn-errortype': error.code };
  return json(error.statusCode, { ...error.fields, message: error.message }, headers);
}

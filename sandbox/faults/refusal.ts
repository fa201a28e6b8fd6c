import {
  AwsError,
  type Endpoint,
  type HttpRequest,
  type HttpResponse,
  jsonEndpoint,
  queryEndpoint,
} from '../aws/protocol.ts';
import { errorReply } from '../cloudfront/wire.ts';
import { xmlError } from '../s3/xml.ts';
import { type ServiceName, type Wording, wireOf } from './services.ts';

/** An error in the service's own protocol, as its clients read it. */
export function refusal(
  service: ServiceName,
  operation: string,
  { code, status, message }: Wording,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { protocol } = wireOf(service);
  const operations = {
    [operation]: () => {
      throw new AwsError(code, message, { statusCode: status });
    },
  };
  const endpoints: Readonly<Record<typeof protocol, Endpoint>> = {
    'json-1.0': jsonEndpoint(operations, '1.0'),
    'json-1.1': jsonEndpoint(operations, '1.1'),
    query: queryEndpoint(operations, `http://${service}.amazonaws.com/doc/`),
    'rest-json': async () => restJson(code, status, message),
    'rest-xml': async ({ path }) =>
      service === 's3'
        ? restXml(code, status, message, path)
        : errorReply(new AwsError(code, message, { statusCode: status })),
  };
  return endpoints[protocol](request);
}

function restJson(code: string, status: number, message: string): HttpResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ message }) };
}

function restXml(code: string, status: number, message: string, path: string): HttpResponse {
  const RequestId = crypto.randomUUID();
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': RequestId },
    body: xmlError({ Code: code, Message: message, Resource: path, RequestId, HostId: 'sandbox' }),
  };
}

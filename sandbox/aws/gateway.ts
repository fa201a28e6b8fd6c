import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialOf } from './credential.ts';
import { AwsError, type Endpoint, type HttpRequest, type HttpResponse } from './protocol.ts';

/** Endpoints by the service name that AWS clients sign with: `ecs`, `states`, `dynamodb`, `s3`, `events`, … */
export type Endpoints = Readonly<Record<string, Endpoint>>;

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** One loopback address for every service, so that a single `AWS_ENDPOINT_URL` is enough for any AWS client. */
export async function startGateway(endpoints: Endpoints, port = 0): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const abandoned = new AbortController();
    outgoing.once('close', () => abandoned.abort());
    answer(endpoints, incoming, abandoned.signal)
      .catch(brokenRequest)
      .then((response) => send(outgoing, response))
      .catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Thrown by an endpoint whose answer never arrives: the connection is cut. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

function send(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  outgoing.writeHead(status, { 'x-amzn-requestid': crypto.randomUUID(), ...headers });
  outgoing.end(body);
}

async function answer(
  endpoints: Endpoints,
  incoming: IncomingMessage,
  abandoned: AbortSignal,
): Promise<HttpResponse> {
  const request = { ...(await read(incoming)), abandoned };
  // Every AWS client signs its requests. Unsigned ones are for S3, as on AWS.
  const service = credentialOf(request)?.service ?? 's3';
  const endpoint = Object.hasOwn(endpoints, service) ? endpoints[service] : undefined;
  if (endpoint) return endpoint(request);
  const message = `The sandbox has no service '${service}'. It has: ${Object.keys(endpoints).join(', ')}.`;
  const error = new AwsError('UnknownOperationException', message);
  return {
    status: 404,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ __type: error.code, message }),
  };
}

async function read(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s, 2);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
  };
}

function brokenRequest(error: unknown): HttpResponse {
  if (error instanceof ConnectionLost) throw error;
  return { status: 500, body: String(error) };
}

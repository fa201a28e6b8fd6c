import { Readable } from 'node:stream';
import { REGION } from '../../aws/account.ts';
import type { Endpoint } from '../../aws/protocol.ts';

/** What an AWS client makes of a call before it is sent. */
interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const CREDENTIALS = { accessKeyId: 'codepipeline', secretAccessKey: 'codepipeline' };

/**
 * Settings of an AWS client that asks the endpoint itself: what services do among themselves does not come by the
 * gateway, so nobody counts or breaks it.
 */
export function clientInside(endpoint: Endpoint) {
  return {
    endpoint: 'http://127.0.0.1',
    region: REGION,
    credentials: CREDENTIALS,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async (request: OutgoingRequest) => ({ response: await ask(endpoint, request) }),
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
  };
}

async function ask(endpoint: Endpoint, { method, path, query = {}, headers, body }: OutgoingRequest) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value ?? ''].flat()) parameters.append(name, each);
  const reply = await endpoint({
    method,
    path,
    query: parameters,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: bytesOf(body),
  });
  return {
    statusCode: reply.status,
    headers: { ...reply.headers },
    body: Readable.from(reply.body === undefined ? [] : [Buffer.from(reply.body)]),
  };
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError(`Only a text or bytes can be sent inside the sandbox, received ${typeof body}.`);
}

import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, bodyOf } from './exchange.ts';

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly port: number;
  /** Answers a request whose body is complete. */
  answer(request: IncomingMessage, body: Buffer): Promise<Answer>;
  /** Answers what goes no further: a body that is too large (413), too many requests at once (503). */
  refuse(status: number): Answer;
  /** Called for every request before it is answered. */
  arrived?(request: IncomingMessage, response: ServerResponse): void;
  /** Answers a packet with a method that Node.js does not know; undefined to refuse it. */
  unknown?(packet: Buffer): Answer | undefined;
}

const LARGEST_BODY_BYTES = 1_048_576;
const MOST_REQUESTS_AT_ONCE = 512;
const MOST_CONNECTIONS = 4_096;
/** As Node.js answers without being asked. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const NOTHING = Buffer.alloc(0);

interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** A listening HTTP server with limits: the common half of the load balancer and the edge. */
export async function startFront(options: FrontOptions): Promise<Front> {
  let underWay = 0;
  const server = createServer({ requestTimeout: 30_000, keepAliveTimeout: 60_000 }, (request, response) => {
    options.arrived?.(request, response);
    if (underWay >= MOST_REQUESTS_AT_ONCE) return send(response, options.refuse(503));
    underWay += 1;
    serve(options, request, response)
      .catch(() => response.destroy())
      .finally(() => {
        underWay -= 1;
      });
  });
  server.on('clientError', (error: ParseError, socket) => {
    if (!socket.writable) return socket.destroy();
    socket.end(wire(answerTo(error, options)), () => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve),
  );
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  options: FrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = hasBody(request) ? await bodyOf(request, LARGEST_BODY_BYTES) : NOTHING;
  send(response, body ? await options.answer(request, body) : options.refuse(413));
}

function answerTo({ code = '', rawPacket }: ParseError, { unknown, refuse }: FrontOptions): Answer {
  const known = code === 'HPE_INVALID_METHOD' && rawPacket ? unknown?.(rawPacket) : undefined;
  return known ?? refuse(STATUS_OF_ERROR[code] ?? 400);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const bodiless = response.req.method === 'HEAD' || status === 204 || status === 304;
  // One by one: the access log reads them back, and those given to `writeHead` cannot be read.
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value);
  if (!bodiless) response.setHeader('content-length', body.length);
  response.writeHead(status);
  response.end(bodiless ? undefined : body);
}

/** For a connection that ends then: nothing that comes after a packet which was not understood is understood. */
function wire({ status, headers, body }: Answer): Buffer {
  const all = { ...headers, 'content-length': body.length, connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Origin {
  readonly port: number;
  /** Method and URL of every request that arrived, except health checks. */
  readonly requests: string[];
  close(): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server that answers as a test wants; health checks get a 200 unless the test answers them. */
export async function startOrigin(handle: Handle, health?: Handle): Promise<Origin> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/health') return (health ?? ok)(request, response);
    requests.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function ok(_: IncomingMessage, response: ServerResponse): void {
  response.end('ok');
}

/** Answers 200 in the name of a release. */
export function release(name: string): Handle {
  return (_, response) => response.setHeader('x-release', name).end(name);
}

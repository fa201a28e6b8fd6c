import http, { type IncomingMessage, type RequestListener } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface Served {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Connections that were ever opened. */
  connections(): number;
  close(): Promise<void>;
}

/** A server that answers with `listener`. */
export async function serve(listener: RequestListener): Promise<Served> {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  // What is closed by the server is what this test closes, never a timer.
  server.keepAliveTimeout = 60_000;
  const connections = countedOn(server);
  const url = await listening(server);
  return { url, requests, connections, close: () => closed(server, () => server.closeAllConnections()) };
}

/** A server that does with each connection what `onData` says, in raw bytes. */
export async function serveBytes(
  onData: (socket: Socket, text: string, nthOfConnection: number) => void,
): Promise<Omit<Served, 'requests'>> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    let nth = 0;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => onData(socket, data.toString('latin1'), ++nth));
  });
  const connections = countedOn(server);
  const url = await listening(server);
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return { url, connections, close: () => closed(server, destroyAll) };
}

/** A URL on which nobody listens. */
export async function nobody(): Promise<string> {
  const { url, close } = await serveBytes(() => {});
  await close();
  return url;
}

function countedOn(server: net.Server): () => number {
  let count = 0;
  server.on('connection', () => {
    count += 1;
  });
  return () => count;
}

function listening(server: net.Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function closed(server: net.Server, destroyAll: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    destroyAll();
  });
}

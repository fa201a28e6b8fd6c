import { EventEmitter } from 'node:events';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../../../sandbox/aws/protocol.ts';

/** A request on its way, with the host that it goes to. */
export interface Outgoing extends HttpRequest {
  readonly host: string;
}

/** Answers a request; rejects with an error that has a `code` when the connection breaks; never settles when nobody answers. */
export type Network = (request: Outgoing) => Promise<HttpResponse>;

/** Every HTTP request of this process goes to the network that is given, in memory, from now on. */
export function simulateNetwork(network: Network): void {
  const request = (...given: readonly unknown[]): SimulatedRequest => {
    const { options, answered } = parsed(given);
    const made = new SimulatedRequest(options, network);
    if (answered) made.once('response', answered);
    return made;
  };
  Object.assign(http, { request });
}

type Answered = (response: IncomingMessage) => void;

function parsed(given: readonly unknown[]): { options: RequestOptions; answered: Answered | undefined } {
  const answered = given.find((each) => typeof each === 'function') as Answered | undefined;
  const [first, second] = given;
  if (!(first instanceof URL)) return { options: first as RequestOptions, answered };
  const { hostname, port, pathname, search } = first;
  const more = typeof second === 'object' ? (second as RequestOptions) : {};
  return { options: { host: hostname, port, path: `${pathname}${search}`, ...more }, answered };
}

/** As much of a socket as clients look at: it is connected. */
class ConnectedSocket extends EventEmitter {
  readonly connecting = false;
  readonly bytesRead = 0;
  #timer: NodeJS.Timeout | undefined;
  setKeepAlive(): void {}
  destroy(): void {}
  setTimeout(ms: number, expired?: () => void): void {
    clearTimeout(this.#timer);
    if (expired) this.on('timeout', expired);
    if (ms > 0) this.#timer = setTimeout(() => this.emit('timeout'), ms);
  }
}

class SimulatedRequest extends EventEmitter {
  readonly reusedSocket = false;
  readonly socket = new ConnectedSocket();
  readonly #options: RequestOptions;
  readonly #network: Network;
  readonly #chunks: Buffer[] = [];
  #closed = false;

  constructor(options: RequestOptions, network: Network) {
    super();
    this.#options = options;
    this.#network = network;
    const { signal } = options;
    const abort = (): unknown =>
      this.destroy(Object.assign(new Error('aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
    if (signal?.aborted) queueMicrotask(abort);
    else signal?.addEventListener('abort', abort, { once: true });
    this.once('close', () => signal?.removeEventListener('abort', abort));
    queueMicrotask(() => this.emit('socket', this.socket));
  }

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk as Uint8Array));
    return true;
  }

  end(chunk?: string | Uint8Array): this {
    if (chunk) this.write(chunk);
    this.#network(this.#request()).then(
      (response) => this.#answer(response),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  destroy(error?: Error): this {
    if (this.#closed) return this;
    if (error) this.emit('error', error);
    this.#close();
    return this;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.socket.setTimeout(0);
    this.emit('close');
  }

  #answer({ status, headers = {}, body = '' }: HttpResponse): void {
    if (this.#closed) return;
    const bytes = Buffer.from(body as string);
    const response = Readable.from(bytes.length > 0 ? [bytes] : [], { objectMode: false });
    const complete = { statusCode: status, statusMessage: '', headers: lowerCase(headers), complete: true };
    this.emit('response', Object.assign(response, complete));
    this.#close();
  }

  #request(): Outgoing {
    const { host, method = 'GET', headers = {} } = this.#options;
    const path = this.#options.path ?? '/';
    const [pathname = '/', query = ''] = path.split(/\?(.*)/s, 2);
    return {
      host: host ?? '',
      method,
      path: pathname,
      query: new URLSearchParams(query),
      headers: lowerCase(headers as Readonly<Record<string, string>>),
      body: Buffer.concat(this.#chunks),
    };
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

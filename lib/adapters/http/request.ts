import type { ClientRequest, Agent as HttpAgent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Clock } from '../../ports/clock.ts';
import { brokenBy, codeOf, endedBy, type Failure } from './failure.ts';
import { nodeHttp } from './node-http.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface ExchangeOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** From the call to the last byte of the answer, name resolution and retry included. */
  readonly timeoutMs: number;
  /** What comes beyond it is received, but not kept. */
  readonly bodyLimitBytes: number;
  /** Without a pool every request has a connection of its own. */
  readonly pool?: Pool;
  readonly signal: AbortSignal;
}

/** Connections that are kept alive and used again. */
export interface Pool {
  readonly http: HttpAgent;
  readonly https: https.Agent;
}

export type Exchange = Answer | NoAnswer;

export interface Answer {
  readonly kind: 'answer';
  readonly sentAt: number;
  /** When the last byte came. */
  readonly at: number;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether more came than was kept. */
  readonly bodyIsCut: boolean;
}

export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly sentAt: number;
  readonly at: number;
  /** What came of the answer before it broke off: its head, or nothing. */
  readonly head: Head | null;
  readonly failure: Failure;
}

export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** One HTTP request as a user would see it. Follows no redirects. Never throws: what goes wrong is told. */
export async function exchange(request: HttpRequest, options: ExchangeOptions): Promise<Exchange> {
  const { clock, timeoutMs, signal } = options;
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const attempt = { ...options, sentAt: clock.now(), signal: limit.signal };
  try {
    const first = await attemptOn(agentFor(request, options.pool), request, attempt);
    return first.wasStale ? (await attemptOn(FRESH, request, attempt)).exchange : first.exchange;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

const FRESH = false;
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/**
 * A server may close an idle connection at the very moment when it is used again. Such a request is sent once more, so
 * only what does no harm twice goes over a used connection. POST and PATCH always get a fresh one and are sent once.
 */
function agentFor({ method, url }: HttpRequest, pool: Pool | undefined): HttpAgent | typeof FRESH {
  if (!pool || !REPEATABLE.has(method)) return FRESH;
  return isHttps(url) ? pool.https : pool.http;
}

interface Attempt extends ExchangeOptions {
  readonly sentAt: number;
}

async function attemptOn(
  agent: HttpAgent | typeof FRESH,
  request: HttpRequest,
  { clock, sentAt, bodyLimitBytes, signal }: Attempt,
): Promise<{ exchange: Exchange; wasStale: boolean }> {
  let head: Head | null = null;
  let connection: Connection | undefined;
  try {
    connection = send(request, agent, signal);
    const response = await connection.response;
    head = { status: response.statusCode ?? 0, headers: response.headers };
    const body = await bodyOf(response, bodyLimitBytes);
    return { exchange: { kind: 'answer', sentAt, at: clock.now(), ...head, ...body }, wasStale: false };
  } catch (error) {
    const at = clock.now();
    const failure = signal.aborted ? endedBy(signal, at - sentAt) : brokenBy(error);
    const wasStale = !signal.aborted && connection?.wasStale(error) === true;
    return { exchange: { kind: 'no-answer', sentAt, at, head, failure }, wasStale };
  }
}

interface Connection {
  readonly response: Promise<IncomingMessage>;
  /** A used connection was reset before any byte of the answer came. */
  wasStale(error: unknown): boolean;
}

const RESETS = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

function send(
  { method, url, headers, body }: HttpRequest,
  agent: HttpAgent | typeof FRESH,
  signal: AbortSignal,
): Connection {
  // Node.js itself leaves the length out for DELETE.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const { request } = isHttps(url) ? https : nodeHttp;
  const sent = request(new URL(url), { method, headers: { ...headers, ...length }, agent, signal });
  let bytesBefore = 0;
  sent.on('socket', (socket) => {
    bytesBefore = socket.bytesRead;
  });
  const response = answerTo(sent);
  sent.end(body);
  return {
    response,
    wasStale: (error) =>
      sent.reusedSocket && RESETS.has(codeOf(error)) && sent.socket?.bytesRead === bytesBefore,
  };
}

function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

/** Its listeners stay: an error after the answer must not end the process. */
function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
}

const MOST_RECEIVED_BYTES = 32 * 1024 * 1024;

/** Leaving the loop ends the connection. */
async function bodyOf(
  response: IncomingMessage,
  limitBytes: number,
): Promise<{ body: string; bodyIsCut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < limitBytes) chunks.push(chunk.subarray(0, limitBytes - bytes));
    bytes += chunk.length;
    if (bytes > MOST_RECEIVED_BYTES)
      throw Object.assign(new Error('too large'), { code: 'ERR_BODY_TOO_LARGE' });
  }
  return { body: new TextDecoder().decode(Buffer.concat(chunks)), bodyIsCut: bytes > limitBytes };
}

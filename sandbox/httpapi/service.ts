import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECRET_ACCESS_KEY } from '../aws/account.ts';
import type { InvokeFunction } from '../aws/functions.ts';
import { principalOf } from '../sts/principal.ts';
import { type Answer, answerFrom, FAULT, refusal } from './answer.ts';
import { eventFrom } from './event.ts';
import { type SentRequest, sentRequest } from './request.ts';
import { signerOf } from './signature.ts';
import { turns } from './turns.ts';

/** An HTTP API with IAM authorisation, on loopback. */
export interface HttpApi {
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpApiOptions {
  /** The function behind every route. */
  readonly functionName: string;
  readonly invokeFunction: InvokeFunction;
  readonly now?: () => number;
  /** How long a caller waits for the function, its turn included; thirty seconds as on AWS. */
  readonly answerLimitMs?: number;
}

/** On AWS every request has a function of its own; here all of them share one computer with what is drilled. */
const AT_ONCE = 2;
const MOST_WAITING = 1_000;
/** What Lambda takes. */
const LONGEST_EVENT_BYTES = 6_291_456;

export async function startHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const answerLimitMs = options.answerLimitMs ?? 30_000;
  const invokeInTurn = turns({ atOnce: AT_ONCE, mostWaiting: MOST_WAITING, waitLimitMs: answerLimitMs });
  const invoke: InvokeInTurn = (event) =>
    withinLimit(
      invokeInTurn.take(async () => answerFrom(await options.invokeFunction(options.functionName, event))),
      answerLimitMs,
    );
  const server = createServer((incoming, outgoing) => {
    const requestId = crypto.randomUUID();
    answer(incoming, requestId, invoke, options.now ?? Date.now)
      .catch(() => FAULT)
      .then((answered) => send(outgoing, answered, requestId))
      // What no HTTP header can hold.
      .catch(() => send(outgoing, FAULT, requestId))
      .catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `undefined` when no answer came in time. */
type InvokeInTurn = (event: object) => Promise<Answer | undefined>;

async function answer(
  incoming: IncomingMessage,
  requestId: string,
  invoke: InvokeInTurn,
  now: () => number,
): Promise<Answer> {
  const request = await sentRequest(incoming);
  if (request === 'too-large') return TOO_LARGE;
  const atMs = now();
  const caller = callerOf(request, atMs);
  if (!caller) return refusal(403, 'Forbidden');
  const event = eventFrom(request, { requestId, atMs, ...caller });
  if (!event) return refusal(400, 'Bad Request');
  if (Buffer.byteLength(JSON.stringify(event)) > LONGEST_EVENT_BYTES) return TOO_LARGE;
  return (await invoke(event)) ?? refusal(503, 'Service Unavailable');
}

const TOO_LARGE = refusal(413, 'Request Entity Too Large');

function callerOf(request: SentRequest, nowMs: number) {
  const accessKeyId = signerOf(request, SECRET_ACCESS_KEY, nowMs);
  const principal = accessKeyId === undefined ? undefined : principalOf(accessKeyId);
  return accessKeyId !== undefined && principal ? { accessKeyId, principal } : undefined;
}

/** The function goes on, as on AWS; nobody waits for it any more. */
async function withinLimit<T>(answered: Promise<T>, limitMs: number): Promise<T | undefined> {
  let limit: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    limit = setTimeout(resolve, limitMs, undefined);
  });
  try {
    return await Promise.race([answered, tooLate]);
  } finally {
    clearTimeout(limit);
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer, requestId: string): void {
  // What is left of a body that was too large is not read, so the connection is of no further use.
  const close = status === 413 ? { connection: 'close' } : {};
  const length = { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { 'apigw-requestid': requestId, ...length, ...close, ...writable(headers) });
  outgoing.end(body);
}

function writable(headers: Answer['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

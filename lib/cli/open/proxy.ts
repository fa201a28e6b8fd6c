import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SendSigned } from '../../adapters/aws/signed-requests.ts';
import { frontPage } from './front-page.ts';

export interface ProxyOptions {
  readonly api: URL;
  /** 0 for any free one. */
  readonly port: number;
  readonly send: SendSigned;
}

export interface BrowserProxy {
  /** Whoever knows it can read; nobody can guess it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Passes GET requests on to the API in the name of whoever started it. It listens on loopback, behind a path that cannot be
 * guessed, and answers no other name than that of this machine: a page of somebody else reaches nothing, also where its name
 * points here by DNS rebinding.
 */
export async function startProxy({ api, port, send }: ProxyOptions): Promise<BrowserProxy> {
  const token = randomBytes(24).toString('base64url');
  let hosts: ReadonlySet<string> = new Set();
  const server = createServer((incoming, outgoing) => {
    answer({ api, send, token, hosts }, incoming)
      .catch(unreachable)
      .then((reply) => tell(outgoing, incoming, reply))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const bound = (server.address() as AddressInfo).port;
  hosts = new Set([`127.0.0.1:${bound}`, `localhost:${bound}`]);
  return { url: `http://127.0.0.1:${bound}/${token}/`, close: () => closed(server) };
}

interface Guarded {
  readonly api: URL;
  readonly send: SendSigned;
  readonly token: string;
  readonly hosts: ReadonlySet<string>;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

async function answer({ api, send, token, hosts }: Guarded, incoming: IncomingMessage): Promise<Reply> {
  const { method = '', url = '', headers } = incoming;
  if (!hosts.has(headers.host ?? '')) return refusal(421, 'This address is for this machine only.');
  const [, given = '', rest] = /^\/([^/?]*)(.*)$/s.exec(url) ?? [];
  if (!isSame(given, token)) return refusal(404, 'There is nothing here.');
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(405, 'Only reading is passed on.', { allow: 'GET, HEAD' });
  if (!rest || rest === '/') return page(await frontPage({ api, send, base: `/${token}` }));
  const asked = new URL(api);
  // Set apart, so that no path can name another host.
  const [path = '/', query = ''] = rest.split(/\?(.*)/s, 2);
  asked.pathname = path;
  asked.search = query;
  const accept = headers.accept ?? '*/*';
  return passedOn(await send({ method: 'GET', url: asked, headers: { accept } }));
}

/** What the browser has to know of an answer. */
const KEPT = ['content-type', 'content-security-policy', 'retry-after'] as const;
const LONGEST_BODY_BYTES = 10 * 1_048_576;

async function passedOn(response: Response): Promise<Reply> {
  const body = Buffer.from(await response.arrayBuffer());
  if (body.length > LONGEST_BODY_BYTES)
    return refusal(502, `The answer has more than ${LONGEST_BODY_BYTES} bytes.`);
  const kept = KEPT.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status: response.status, headers: Object.fromEntries(kept), body };
}

/** Errors of credentials name files and profiles, never what is in them; the terminal is told, a browser is not. */
function unreachable(error: Error): Reply {
  process.stderr.write(`${error.name}: ${error.message.slice(0, 500)}\n`);
  return refusal(502, 'The API did not answer, or nobody could sign: the terminal tells more.');
}

function refusal(status: number, message: string, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: `${message}\n`,
  };
}

function page(body: string): Reply {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  return { status: 200, headers, body };
}

/** Nothing of it is kept, guessed at, framed, or told to where a link leads. */
const ALWAYS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function tell(outgoing: ServerResponse, { method }: IncomingMessage, { status, headers, body }: Reply): void {
  outgoing.writeHead(status, { ...headers, ...ALWAYS });
  outgoing.end(method === 'HEAD' ? undefined : body);
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

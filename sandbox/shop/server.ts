import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PAGES, type Reply, type Shop, type Visit } from './pages.ts';

const LARGEST_INPUT_BYTES = 65_536;
const OFF_BASELINE_MS = 150;

/** One task of the shop. Every response says in `x-release` and `x-task` which release and which task gave it. */
export function shopServer(shop: Shop): Server {
  const server = createServer(async (request, response) => {
    const path = pathOf(request);
    shop.release.asked(path, server);
    if (shop.release.drops(path)) return void request.socket.destroy();
    const lateMs = shop.release.delayMs(path) + driftMs(shop, path);
    if (lateMs > 0) await sleep(lateMs);
    const reply = await answer(shop, request).catch((error) => broken(shop, error));
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'x-release': shop.name,
      'x-task': shop.task,
      'content-type': typeof reply.body === 'string' ? 'text/html; charset=utf-8' : 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': reply.maxAgeSeconds ? `public, s-maxage=${reply.maxAgeSeconds}` : 'no-store',
    });
    response.end(body);
  });
  // A load balancer reuses connections; the one that closes them first must not be the shop.
  server.keepAliveTimeout = 75_000;
  return server;
}

function driftMs({ shows }: Shop, path: string): number {
  return path !== '/health' && shows('metrics-off-baseline') ? OFF_BASELINE_MS : 0;
}

async function answer(shop: Shop, request: IncomingMessage): Promise<Reply> {
  const { name, id } = pageOf(`${request.method} ${pathOf(request)}`);
  const page = Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  if (!page) return { status: 404, body: { error: `the shop has no ${name}` } };
  const input = await inputOf(request);
  if (!input) return { status: 400, body: { error: 'the body must be a small JSON object' } };
  const query = new URLSearchParams(request.url?.split('?')[1]);
  return page(shop, { authorization: request.headers.authorization, input, query, id });
}

/** Orders have a page each. */
function pageOf(asked: string): { readonly name: string; readonly id: string } {
  const id = asked.match(/^GET \/orders\/([^/]+)$/)?.[1];
  return id === undefined ? { name: asked, id: '' } : { name: 'GET /orders/{id}', id };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/';
}

/** `undefined` when the body is too large or no JSON object. */
async function inputOf(request: IncomingMessage): Promise<Visit['input'] | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LARGEST_INPUT_BYTES) chunks.push(chunk);
  }
  if (bytes === 0) return {};
  if (bytes > LARGEST_INPUT_BYTES) return undefined;
  return parse(Buffer.concat(chunks).toString());
}

function parse(text: string): Visit['input'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function broken({ complain }: Shop, error: unknown): Reply {
  complain(error);
  return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
}

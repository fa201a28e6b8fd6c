import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './exchange.ts';

/** What is known of a request that may be a purge. */
export interface PurgeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Whoever may purge shows this in the header `x-purge-key`. */
const PURGE_KEY = 'sandbox';

/**
 * Answers as caches like Varnish do: `PURGE /path` forgets one path, `BAN` whatever matches the header `x-ban-pattern`, in
 * which `*` stands for anything. Undefined for requests of users.
 */
export function purgeAnswer(
  { method = '', url = '/', headers }: PurgeRequest,
  purge: (patterns: readonly string[]) => number,
): Answer | undefined {
  if (method !== 'PURGE' && method !== 'BAN') return undefined;
  const key = headers['x-purge-key'];
  if (key === undefined) return said(405, `${method} is not allowed without the header x-purge-key.`);
  if (key !== PURGE_KEY) return said(403, 'The key in x-purge-key is not the right one.');
  const pattern = method === 'PURGE' ? url : String(headers['x-ban-pattern'] ?? '');
  if (!pattern.startsWith('/')) return said(400, 'BAN needs the header x-ban-pattern, which begins with /.');
  if (method === 'PURGE' && pattern.includes('*'))
    return said(400, 'PURGE takes one path; for more, use BAN.');
  return said(200, `Purged ${purge([pattern])} entries.`);
}

/** A request of a method that Node.js does not know, such as BAN, from the packet that it came in. */
export function requestIn(packet: Buffer): PurgeRequest | undefined {
  const text = packet.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, method, url] = first.match(/^([A-Z]+) (\S+) HTTP\/1\.[01]$/) ?? [];
  if (end < 0 || method === undefined) return undefined;
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = line.match(/^([^:\s]+):\s*(.*?)\s*$/) ?? [];
    return [name.toLowerCase(), value];
  });
  return { method, url, headers: Object.fromEntries(headers) };
}

function said(status: number, text: string): Answer {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store' };
  return { status, headers, body: Buffer.from(`${text}\n`) };
}

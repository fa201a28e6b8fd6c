import { isIP } from 'node:net';

/** The cookies of one user, as RFC 6265 lets a browser keep them. It knows no public suffixes: use it for one system. */
export interface CookieJar {
  keep(url: URL, setCookies: readonly string[]): void;
  /** The `cookie` header for a request; `undefined` when there is nothing to send. */
  headerFor(url: URL): string | undefined;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const MOST_COOKIES = 50;
const LONGEST_COOKIE = 4096;

export function cookieJar(clock: { now(): number }): CookieJar {
  let cookies: readonly Cookie[] = [];
  const alive = (): readonly Cookie[] => cookies.filter(({ expiresAt }) => expiresAt > clock.now());
  return {
    keep(url, setCookies) {
      for (const line of setCookies) {
        const cookie = cookieOf(url, line, clock.now());
        if (cookie)
          cookies = [...alive().filter((kept) => !isSame(kept, cookie)), cookie].slice(-MOST_COOKIES);
      }
    },
    headerFor(url) {
      const sent = alive()
        .filter((cookie) => isFor(cookie, url))
        .sort((a, b) => b.path.length - a.path.length);
      return sent.length > 0 ? sent.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
    },
  };
}

/** The value that an answer gives a cookie; `undefined` when it does not set it, or takes it away. */
export function cookieNamed(name: string, setCookies: readonly string[], now: number): string | undefined {
  const last = setCookies.map(parse).findLast((cookie) => cookie?.name === name);
  return last && expiryOf(last, now) > now ? last.value : undefined;
}

function cookieOf(url: URL, line: string, now: number): Cookie | undefined {
  const parsed = parse(line);
  if (!parsed) return undefined;
  const { name, value, attributes } = parsed;
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() || url.hostname;
  const isForeign = domain !== url.hostname && !(domain.includes('.') && isWithin(url.hostname, domain));
  if (isForeign) return undefined;
  const path = attributes.get('path');
  return {
    name,
    value,
    domain,
    hostOnly: !attributes.get('domain'),
    path: path?.startsWith('/') ? path : folderOf(url.pathname),
    secure: attributes.has('secure'),
    expiresAt: expiryOf(parsed, now),
  };
}

function parse(line: string): SetCookie | undefined {
  if (line.length > LONGEST_COOKIE) return undefined;
  const [pair = '', ...rest] = line.split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  if (at < 0 || name === '') return undefined;
  const attributes = rest.map((attribute): [string, string] => {
    const [key = '', ...value] = attribute.split('=');
    return [key.trim().toLowerCase(), value.join('=').trim()];
  });
  return { name, value: pair.slice(at + 1).trim(), attributes: new Map(attributes) };
}

function expiryOf({ attributes }: SetCookie, now: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path;
}

function isFor({ domain, hostOnly, path, secure }: Cookie, url: URL): boolean {
  const hostFits = url.hostname === domain || (!hostOnly && isWithin(url.hostname, domain));
  const folder = path.endsWith('/') ? path : `${path}/`;
  const pathFits = url.pathname === path || url.pathname.startsWith(folder);
  return hostFits && pathFits && (!secure || url.protocol === 'https:');
}

function isWithin(host: string, domain: string): boolean {
  return isIP(host) === 0 && host.endsWith(`.${domain}`);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

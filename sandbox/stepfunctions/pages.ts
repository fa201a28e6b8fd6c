import { AwsError } from '../aws/protocol.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** `maxResults` 0 or absent means 100, and 1000 is the most. A page begins after the item that the token names. */
export function pageOf<T>(
  items: readonly T[],
  key: (item: T) => string,
  { maxResults, nextToken }: { readonly maxResults?: unknown; readonly nextToken?: unknown },
): Page<T> {
  const size = Number(maxResults) > 0 ? Math.min(Number(maxResults), 1000) : 100;
  const start = nextToken === undefined ? 0 : startAfter(items, key, String(nextToken));
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= items.length) return { items: page };
  return { items: page, nextToken: Buffer.from(key(last)).toString('base64') };
}

function startAfter<T>(items: readonly T[], key: (item: T) => string, token: string): number {
  const wanted = Buffer.from(token, 'base64').toString();
  const index = items.findIndex((item) => key(item) === wanted);
  if (index < 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return index + 1;
}

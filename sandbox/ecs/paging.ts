import { invalidParameter } from './errors.ts';

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** The token names the last item of the page before, so items that come in meanwhile shift nothing. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults, nextToken }: PageRequest,
  defaultSize: number,
): Page<T> {
  const start = nextToken === undefined ? 0 : after(items.map(keyOf), nextToken);
  const end = start + (maxResults ?? defaultSize);
  const last = items[end - 1];
  const found = items.slice(start, end);
  if (last === undefined || end >= items.length) return { items: found };
  return { items: found, nextToken: Buffer.from(keyOf(last)).toString('base64url') };
}

function after(keys: readonly string[], token: string): number {
  const index = keys.indexOf(Buffer.from(token, 'base64url').toString());
  if (index < 0) throw invalidParameter('Invalid token.');
  return index + 1;
}

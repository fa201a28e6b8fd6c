import { AwsError } from '../aws/protocol.ts';

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** The token names the last item of the page before, so items that come in meanwhile shift nothing. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults, nextToken }: PageRequest,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const start = nextToken === undefined ? 0 : after(items.map(keyOf), nextToken);
  const end = start + (maxResults ?? MOST_RESULTS);
  const last = items[end - 1];
  const found = items.slice(start, end);
  if (last === undefined || end >= items.length) return { items: found };
  return { items: found, nextToken: Buffer.from(keyOf(last)).toString('base64url') };
}

export const MOST_RESULTS = 100;

function after(keys: readonly string[], token: string): number {
  const index = keys.indexOf(Buffer.from(token, 'base64url').toString());
  if (index < 0) throw new AwsError('InvalidNextTokenException', 'The next token is not valid.');
  return index + 1;
}

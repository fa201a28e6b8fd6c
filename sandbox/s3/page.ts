import { S3Error } from './errors.ts';

export interface Page<T> {
  readonly entries: readonly T[];
  /** What the keys have in common up to the delimiter; each counts as one entry. */
  readonly prefixes: readonly string[];
  readonly limit: number;
  /** The last key or prefix of a page that others follow. */
  readonly truncatedAt: string | undefined;
}

const PAGE_LIMIT = 1000;

/** One page of sorted entries by `prefix`, `delimiter` and `max-keys`. `after` is where the previous page ended. */
export function pageOf<T extends { key: string }>(
  sorted: readonly T[],
  query: URLSearchParams,
  after: string,
): Page<T> {
  const limit = limitIn(query);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const entries: T[] = [];
  const prefixes = new Set<string>();
  let last: string | undefined;
  for (const entry of sorted) {
    if (!entry.key.startsWith(prefix)) continue;
    const common = commonPrefix(entry.key, prefix, delimiter);
    if (common !== undefined && (common === after || prefixes.has(common))) continue;
    if (entries.length + prefixes.size >= limit)
      return { entries, prefixes: [...prefixes], limit, truncatedAt: last };
    if (common === undefined) entries.push(entry);
    else prefixes.add(common);
    last = common ?? entry.key;
  }
  return { entries, prefixes: [...prefixes], limit, truncatedAt: undefined };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function limitIn(query: URLSearchParams): number {
  const limit = Number(query.get('max-keys') ?? PAGE_LIMIT);
  if (Number.isInteger(limit) && limit >= 0) return Math.min(limit, PAGE_LIMIT);
  throw new S3Error('InvalidArgument', {
    message: 'Provided max-keys not an integer or within integer range',
  });
}

import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and no white space, the same text for the same content wherever it is made. Keys whose value is
 * undefined are left out, as in JSON.stringify. Throws a TypeError for what JSON cannot carry (NaN, functions, cycles):
 * a digest over something else than what was meant would prove nothing.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value, []);
}

/** `sha256:` and 64 hexadecimal digits over the UTF-8 bytes of the canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')}`;
}

function textOf(value: unknown, above: readonly object[]): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object')
    throw new TypeError(`Canonical JSON cannot carry ${typeof value} ${String(value)}.`);
  if (above.includes(value)) throw new TypeError('Canonical JSON cannot carry a value that contains itself.');
  const within = [...above, value];
  if (Array.isArray(value)) return `[${Array.from(value, (item) => textOf(item, within)).join(',')}]`;
  return `{${members(plain(value), within).join(',')}}`;
}

function members(value: Readonly<Record<string, unknown>>, within: readonly object[]): string[] {
  return Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${textOf(value[key], within)}`);
}

/** Dates, maps and sets have no members of their own and would all look like `{}`. */
function plain(value: object): Record<string, unknown> {
  const kind = Object.prototype.toString.call(value);
  if (kind === '[object Object]') return value as Record<string, unknown>;
  throw new TypeError(`Canonical JSON cannot carry ${kind}; convert it first.`);
}

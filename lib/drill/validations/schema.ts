import { createHash } from 'node:crypto';
import * as v from 'valibot';

/** A part of a schema: a column, an index, a view …; `definition` is written alike wherever it is read. */
export interface SchemaObject {
  readonly kind: string;
  /** With its schema and, where it belongs to a table, with that: `public.orders.promo`. */
  readonly name: string;
  readonly definition: string;
}

/** By `KIND NAME`. */
const Texts = v.record(v.string(), v.string());

/** What is kept of a schema: its definitions; of a large one only their hashes; of a very large one nothing but the digest. */
const KeptSchema = v.object({
  digest: v.string(),
  objects: v.number(),
  definitions: v.exactOptional(Texts),
  hashes: v.exactOptional(Texts),
});

export type KeptSchema = v.InferOutput<typeof KeptSchema>;

const MOST_KEPT_CHARACTERS = 150_000;
const HASH_CHARACTERS = 12;

export type Definitions = ReadonlyMap<string, string>;

/** By `KIND NAME`, without those that may differ. Same schemas give the same, in whatever order they were read. */
export function definitionsOf(objects: readonly SchemaObject[], ignore: readonly string[]): Definitions {
  const ignored = ignore.map(matcher);
  const kept = objects
    .filter(({ kind, name }) => !ignored.some((matches) => matches(name) || matches(`${kind} ${name}`)))
    .map(({ kind, name, definition }) => [`${kind} ${name}`, definition] as const);
  return new Map(kept.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** SHA-256 over the definitions, one line each. */
export function schemaDigest(definitions: Definitions): string {
  const lines = [...definitions].map(([key, definition]) => `${JSON.stringify([key, definition])}\n`);
  return sha256(lines.join(''));
}

export function keptOf(definitions: Definitions): KeptSchema {
  const known = { digest: schemaDigest(definitions), objects: definitions.size };
  const whole = { ...known, definitions: Object.fromEntries(definitions) };
  if (fits(whole)) return whole;
  const hashed = { ...known, hashes: Object.fromEntries(hashesOf(definitions)) };
  return fits(hashed) ? hashed : known;
}

/** `undefined` for anything else than what `keptOf` has made. */
export function readKept(found: unknown): KeptSchema | undefined {
  const parsed = v.safeParse(KeptSchema, found);
  return parsed.success ? parsed.output : undefined;
}

export function hashesOf(definitions: Definitions): Definitions {
  return new Map(
    [...definitions].map(([key, definition]) => [key, sha256(definition).slice(0, HASH_CHARACTERS)]),
  );
}

function fits(kept: KeptSchema): boolean {
  return Buffer.byteLength(JSON.stringify(kept)) <= MOST_KEPT_CHARACTERS;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** `*` stands for anything; everything else for itself. Compared piece by piece, so that no pattern takes long. */
function matcher(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*');
  return (text) => {
    const [first = '', ...rest] = pieces;
    if (rest.length === 0) return text === first;
    const last = rest.pop() ?? '';
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}

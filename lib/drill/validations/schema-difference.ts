import { type Definitions, hashesOf, type KeptSchema, schemaDigest } from './schema.ts';

export interface Compared {
  readonly name: string;
  readonly definitions: Definitions;
}

const MOST_DEFINITION = 160;

/** What the two differ in, a line for each object: `orders.promo (column): only on the primary: text null`. */
export function schemaDifference(one: Compared, other: Compared): readonly string[] {
  return keysOf(one.definitions, other.definitions).flatMap((key) => {
    const [here, there] = [one.definitions.get(key), other.definitions.get(key)];
    if (here === there) return [];
    if (there === undefined) return [`${called(key)}: only on ${one.name}: ${shown(here)}`];
    if (here === undefined) return [`${called(key)}: only on ${other.name}: ${shown(there)}`];
    return [`${called(key)}: on ${one.name} ${shown(here)}, on ${other.name} ${shown(there)}`];
  });
}

/** What has changed since before the drill, as far as enough was kept to tell. */
export function differenceSince(before: KeptSchema, now: Definitions): readonly string[] {
  if (before.digest === schemaDigest(now)) return [];
  if (before.definitions) {
    const definitions = new Map(Object.entries(before.definitions));
    return changes(definitions, now).map(({ key, was, is }) =>
      was === undefined
        ? `${called(key)}: new since before the drill: ${shown(is)}`
        : is === undefined
          ? `${called(key)}: gone since before the drill, when it was ${shown(was)}`
          : `${called(key)}: ${shown(was)} before the drill, now ${shown(is)}`,
    );
  }
  if (!before.hashes) return ['something; the schema is too large to have kept what'];
  return changes(new Map(Object.entries(before.hashes)), hashesOf(now)).map(({ key, was, is }) =>
    was === undefined
      ? `${called(key)}: new since before the drill`
      : `${called(key)}: ${is === undefined ? 'gone' : 'another'} since before the drill`,
  );
}

function changes(before: Definitions, now: Definitions) {
  return keysOf(before, now)
    .map((key) => ({ key, was: before.get(key), is: now.get(key) }))
    .filter(({ was, is }) => was !== is);
}

function keysOf(one: Definitions, other: Definitions): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].sort();
}

/** `column public.orders.promo` → `orders.promo (column)` */
function called(key: string): string {
  const [kind = '', ...name] = key.split(' ');
  return `${name.join(' ').replace(/^public\./, '')} (${kind})`;
}

function shown(definition = ''): string {
  const line = definition.replace(/\s+/g, ' ');
  return line.length > MOST_DEFINITION ? `${line.slice(0, MOST_DEFINITION)}…` : line;
}

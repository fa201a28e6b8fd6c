import * as v from 'valibot';
import { anyOf, didYouMean, sentences, shortened, wrong } from './message.ts';

type Message = (issue: { readonly input: unknown }) => string;

/** What a field must be, and how it can be told in one sentence; every check of a field gives the same answer. */
export function must(allowed: string, remedy = ''): Message {
  return (issue) => wrong(allowed, issue.input, remedy);
}

/** A mapping with exactly these keys. `planned` are keys of the product that this version does not support yet. */
export function section<const Entries extends v.ObjectEntries>(
  entries: Entries,
  planned: readonly string[] = [],
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  return v.pipe(mapping(Object.keys(entries)), closed(entries, planned));
}

/** The part of a section that a `variant` can look into. */
export function closed<const Entries extends v.ObjectEntries>(
  entries: Entries,
  planned: readonly string[] = [],
) {
  const message = (issue: v.LooseObjectIssue) => missing(entries, issue);
  return v.pipe(
    v.looseObject(entries, message),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (!isMapping(input)) return;
      for (const key of Object.keys(input).filter((name) => !Object.hasOwn(entries, name))) {
        const message = planned.includes(key) ? notYet() : unknownKey(key, Object.keys(entries));
        addIssue({ message, path: [{ type: 'unknown', origin: 'key', input, key, value: input[key] }] });
      }
    }),
  );
}

/** A mapping with one of these keys, and only one: `{header: x}` or `{json: y}`. */
export function exactlyOneOf<const Entries extends v.ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries);
  type Chosen = { [Name in keyof Entries]: { [Only in Name]: v.InferOutput<Entries[Name]> } }[keyof Entries];
  const optional = Object.fromEntries(
    names.map((name) => [name, v.exactOptional(entries[name] as v.GenericSchema)]),
  );
  return v.pipe(
    section(optional),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      const given = isMapping(input) ? names.filter((name) => Object.hasOwn(input, name)) : [];
      const found = given.length === 0 ? 'none of them' : given.join(' and ');
      if (given.length !== 1)
        addIssue({ message: `must have exactly one of ${anyOf(names)}; received ${found}.` });
    }),
    v.metadata({ minProperties: 1, maxProperties: 1 }),
    v.transform((value) => value as Chosen),
  );
}

export interface Count {
  readonly least: number;
  readonly most: number;
  /** What is counted, in the plural. */
  readonly what: string;
}

export function listOf<const Item extends v.GenericSchema>(item: Item, { least, most, what }: Count) {
  const message = must(`a list of ${least} to ${most} ${what}`);
  return v.pipe(
    v.array(item, message),
    v.rawCheck(({ dataset, addIssue }) => {
      const count = Array.isArray(dataset.value) ? dataset.value.length : least;
      if (count < least || count > most) addIssue({ message: message({ input: dataset.value }) });
    }),
    v.metadata({ minItems: least, maxItems: most }),
  );
}

export function mapOf<const Key extends v.GenericSchema<string, string>, const Value extends v.GenericSchema>(
  key: Key,
  value: Value,
  { least, most, what }: Count,
) {
  const allowed = `a mapping with ${least} to ${most} ${what}`;
  return v.pipe(
    mapping(),
    v.record(key, value),
    v.rawCheck(({ dataset, addIssue }) => {
      const count = isMapping(dataset.value) ? Object.keys(dataset.value).length : least;
      // A key that was refused is not among the counted ones.
      const tooFew = dataset.typed && count < least;
      if (tooFew || count > most) addIssue({ message: `must be ${allowed}; received ${count}.` });
    }),
    v.metadata({ minProperties: least, maxProperties: most }),
  );
}

/** One of a few words. `planned` are words of the product that this version does not support yet. */
export function oneOf<const Words extends readonly string[]>(words: Words, planned: readonly string[] = []) {
  return v.picklist(words, ({ input }) => {
    if (typeof input !== 'string') return wrong(anyOf(words), input);
    if (planned.includes(input)) return notYet(words);
    return sentences(wrong(anyOf(words), input), didYouMean(input, words));
  });
}

/** Text of this form. */
export function text(form: RegExp, allowed: string, remedy = '') {
  const message = must(allowed, remedy);
  return v.pipe(v.string(message), v.regex(form, message));
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  const message = must(`a whole number from ${least} to ${most}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

function notYet(instead: readonly string[] = []): string {
  return sentences('is not supported yet.', instead.length > 0 ? `Use ${anyOf(instead)}.` : 'Leave it out.');
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapping(keys: readonly string[] = []) {
  const which = keys.length > 0 ? ` with the keys ${keys.join(', ')}` : '';
  return v.custom<Record<string, unknown>>(isMapping, must(`a mapping${which}`));
}

function missing(entries: v.ObjectEntries, issue: v.LooseObjectIssue): string {
  const key = issue.path?.[0]?.key;
  const entry = typeof key === 'string' ? entries[key] : undefined;
  if (!entry) return wrong('a mapping', issue.input);
  const description = v.getDescription(entry);
  return sentences('is missing.', description ? `Give ${description}.` : 'Add it.');
}

function unknownKey(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known);
  return sentences(
    `is no known key; received "${shortened(key)}", allowed are ${known.join(', ')}.`,
    hint || 'Remove it.',
  );
}

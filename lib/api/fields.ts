import * as v from 'valibot';
import { type FieldError, type Problem, problem } from './problem.ts';

/** Bodies are a few short fields. */
const LONGEST_BODY_BYTES = 16 * 1024;

export type Fields = v.GenericSchema<unknown, unknown>;

/** The fields, or what is wrong with all of them. */
export type Read<T> = { readonly kind: 'read'; readonly value: T } | Problem;

/** An object of exactly these fields. */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries);
  const allowed = names.length > 0 ? `there are ${names.join(', ')}` : 'there is none';
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never' ? `is no field of this; ${allowed}` : 'is required, and is not there',
  );
}

export function read<Schema extends Fields>(
  schema: Schema,
  value: unknown,
  where: FieldError['in'],
): Read<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, value);
  if (result.success) return { kind: 'read', value: result.output };
  return invalid(
    result.issues.map((issue) => ({ in: where, field: fieldOf(issue), message: messageOf(issue) })),
  );
}

/** Each name once: of two values nobody could say which one counts. */
export function readQuery<Schema extends Fields>(
  schema: Schema,
  query: URLSearchParams,
): Read<v.InferOutput<Schema>> {
  const names = [...query.keys()];
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  if (twice.size === 0) return read(schema, Object.fromEntries(query), 'query');
  const message = 'is there more than once; allowed is once';
  return invalid([...twice].map((name) => ({ in: 'query', field: shown(name), message })));
}

/** A JSON object; without a body, one without fields. */
export function readBody<Schema extends Fields>(
  schema: Schema,
  body: Buffer,
  contentType = '',
): Read<v.InferOutput<Schema>> {
  if (body.length > LONGEST_BODY_BYTES)
    return problem('body-too-large', `The body has ${body.length} bytes; allowed are ${LONGEST_BODY_BYTES}.`);
  if (body.length === 0) return read(schema, {}, 'body');
  if (!/^application\/json\s*(;|$)/i.test(contentType))
    return problem(
      'unsupported-media-type',
      `The body is of type '${shown(contentType)}'; send application/json.`,
    );
  const parsed = parse(body);
  return parsed === undefined
    ? problem('invalid-request', 'The body is no JSON object in UTF-8.')
    : read(schema, parsed, 'body');
}

export function invalid(errors: readonly FieldError[]): Problem {
  const told = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return problem('invalid-request', `${told}.`, { errors });
}

const LONGEST_SHOWN = 100;

/** What somebody has sent, in a message: not more of it than it takes to know it again. */
export function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text;
}

function parse(body: Buffer): object | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fieldOf(issue: v.BaseIssue<unknown>): string {
  return shown(v.getDotPath(issue) ?? '');
}

function messageOf({ message, received, expected }: v.BaseIssue<unknown>): string {
  return expected === 'never' || message.startsWith('is ')
    ? message
    : `${message}; received ${shown(received)}`;
}

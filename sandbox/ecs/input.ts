import * as v from 'valibot';
import type { JsonObject } from '../aws/protocol.ts';
import { invalidParameter, unsupported } from './errors.ts';
import type { Tag } from './records.ts';

/** An object of exactly these members. What ECS knows and the sandbox does not is refused, never ignored. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `is not supported by the sandbox; supported here: ${Object.keys(entries).join(', ')}`
      : `is required, received ${issue.received}`,
  );
}

/** Throws `UnsupportedFeatureException` for members that the sandbox does not know, `InvalidParameterException` for wrong values. */
export function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  input: JsonObject,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const message = `The parameter '${v.getDotPath(issue) ?? ''}' ${issue.message}.`;
  throw issue.expected === 'never' ? unsupported(message) : invalidParameter(message);
}

export const integer = (minimum: number, maximum: number) => {
  const rule = `must be a whole number from ${minimum} to ${maximum}`;
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(minimum, rule), v.maxValue(maximum, rule));
};

export const oneOf = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, `must be one of: ${options.join(', ')}`);

export const listOf = <Item extends v.GenericSchema>(item: Item, maximum: number, minimum = 0) => {
  const rule = `must have ${minimum} to ${maximum} entries`;
  return v.pipe(v.array(item, 'must be a list'), v.minLength(minimum, rule), v.maxLength(maximum, rule));
};

export const text = v.pipe(v.string('must be a string'), v.nonEmpty('must not be empty'));

export const name = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_-]{1,255}$/, 'may have letters, digits, _ and -, up to 255'),
);

export const flag = v.boolean('must be true or false');

export const tags: v.GenericSchema<Tag[]> = listOf(
  members({ key: text, value: v.optional(v.string('must be a string')) }),
  50,
);

export const paging = (maximum: number) => ({
  maxResults: v.optional(integer(1, maximum)),
  nextToken: v.optional(text),
});

export const includeTags = v.optional(listOf(oneOf(['TAGS']), 1));

import * as v from 'valibot';
import { integer, listOf, members, oneOf, text } from '../aws/input.ts';
import type { JsonObject } from '../aws/protocol.ts';
import { invalidParameter, unsupported } from './errors.ts';
import type { Tag } from './records.ts';

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

export const name = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_-]{1,255}$/, 'may have letters, digits, _ and -, up to 255'),
);

export const tags: v.GenericSchema<Tag[]> = listOf(
  members({ key: text, value: v.optional(v.string('must be a string')) }),
  50,
);

export const paging = (maximum: number) => ({
  maxResults: v.optional(integer(1, maximum)),
  nextToken: v.optional(text),
});

export const includeTags = v.optional(listOf(oneOf(['TAGS']), 1));

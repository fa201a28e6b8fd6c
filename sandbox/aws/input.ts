import * as v from 'valibot';
import { AwsError, type JsonObject } from './protocol.ts';

/** An object of exactly these members. What the service knows and the sandbox does not is refused, never ignored. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `is not supported by the sandbox; supported here: ${Object.keys(entries).join(', ')}`
      : `is required, received ${issue.received}`,
  );
}

/** Throws an `AwsError` with the code by which the service names wrong input. */
export function read<Schema extends v.GenericSchema>(
  schema: Schema,
  input: JsonObject,
  code: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new AwsError(code, `The parameter '${v.getDotPath(issue) ?? ''}' ${issue.message}.`);
}

export const text = v.pipe(v.string('must be a string'), v.nonEmpty('must not be empty'));

export const flag = v.boolean('must be true or false');

export const oneOf = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, `must be one of: ${options.join(', ')}`);

export const integer = (minimum: number, maximum: number) => {
  const rule = `must be a whole number from ${minimum} to ${maximum}`;
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(minimum, rule), v.maxValue(maximum, rule));
};

export const listOf = <Item extends v.GenericSchema>(item: Item, maximum: number, minimum = 0) => {
  const rule = `must have ${minimum} to ${maximum} entries`;
  return v.pipe(v.array(item, 'must be a list'), v.minLength(minimum, rule), v.maxLength(maximum, rule));
};

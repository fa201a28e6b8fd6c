import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { members, text } from '../aws/input.ts';
import { invalidValue } from './errors.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** In base64, as on the wire. */
  readonly BinaryValue?: string | undefined;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export const messageAttributes = v.optional(
  v.record(
    v.string(),
    members({
      DataType: text,
      StringValue: v.optional(v.string('must be a string')),
      BinaryValue: v.optional(v.string('must be bytes in base64')),
    }),
    'must be a map',
  ),
  {},
);

const MOST_ATTRIBUTES = 10;
const NAME = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;

/** Throws InvalidParameterValue. */
export function checkAttributes(attributes: MessageAttributes): MessageAttributes {
  const entries = Object.entries(attributes);
  if (entries.length > MOST_ATTRIBUTES)
    throw invalidValue('MessageAttributes', `${entries.length} attributes; at most ${MOST_ATTRIBUTES}`);
  for (const [name, attribute] of entries) check(name, attribute);
  return attributes;
}

export function attributeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (total, [name, attribute]) =>
      total +
      Buffer.byteLength(name) +
      Buffer.byteLength(attribute.DataType) +
      typedValue(attribute).value.length,
    0,
  );
}

/** Those that a receiver asked for: by name, `prefix.*`, or all with `All` or `.*`. */
export function selected(attributes: MessageAttributes, asked: readonly string[]): MessageAttributes {
  const isAsked = (name: string): boolean =>
    asked.some(
      (each) =>
        each === 'All' ||
        each === '.*' ||
        each === name ||
        (each.endsWith('.*') && name.startsWith(each.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isAsked(name)));
}

/** As SQS documents it: every name, type and value with its length before it, in the order of names. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const { DataType, ...rest } = attributes[name]!;
    const { kind, value } = typedValue({ DataType, ...rest });
    for (const part of [Buffer.from(name), Buffer.from(DataType)]) hash.update(lengthOf(part)).update(part);
    hash
      .update(Buffer.from([kind]))
      .update(lengthOf(value))
      .update(value);
  }
  return hash.digest('hex');
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function check(name: string, attribute: MessageAttribute): void {
  if (!NAME.test(name)) throw invalidValue('MessageAttributes', `'${name}' is no name for an attribute`);
  if (!DATA_TYPE.test(attribute.DataType))
    throw invalidValue('MessageAttributes', `the type of '${name}' is none of String, Number and Binary`);
  const { kind, value } = typedValue(attribute);
  const other = kind === BINARY ? attribute.StringValue : attribute.BinaryValue;
  if (value.length === 0 || other !== undefined)
    throw invalidValue('MessageAttributes', `'${name}' must have one value, that of its type, not empty`);
  if (attribute.DataType.startsWith('Number') && !Number.isFinite(Number(value.toString())))
    throw invalidValue('MessageAttributes', `'${name}' is no number`);
}

const STRING = 1;
const BINARY = 2;

function typedValue({ DataType, StringValue = '', BinaryValue = '' }: MessageAttribute) {
  return DataType.startsWith('Binary')
    ? { kind: BINARY, value: Buffer.from(BinaryValue, 'base64') }
    : { kind: STRING, value: Buffer.from(StringValue) };
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

import { join } from 'node:path';
import * as v from 'valibot';
import { arn } from '../aws/account.ts';
import { flag, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { documentAt } from '../state.ts';

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedMs: number;
}

const MAX_VALUE_BYTES = 4096;
const MAX_LEVELS = 15;
const ALREADY_EXISTS =
  'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';

const putInput = members({
  Name: text,
  Value: text,
  Type: v.optional(oneOf(['String'])),
  Overwrite: v.optional(flag, false),
  Description: v.optional(v.string('must be a string')),
  Tier: v.optional(oneOf(['Standard'])),
  DataType: v.optional(oneOf(['text'])),
});
const getInput = members({ Name: text, WithDecryption: v.optional(flag) });
const getManyInput = members({ Names: listOf(text, 10, 1), WithDecryption: v.optional(flag) });
const describeInput = members({
  ParameterFilters: listOf(
    members({
      Key: oneOf(['Name']),
      Option: v.optional(oneOf(['Equals']), 'Equals'),
      Values: listOf(text, 50, 1),
    }),
    1,
    1,
  ),
});
const deleteInput = members({ Name: text });

/** Only the latest version of a parameter is kept. */
export function parameterOperations(
  directory: string,
  now: () => number,
): Readonly<Record<string, Operation>> {
  const document = documentAt<Readonly<Record<string, Parameter>>>(join(directory, 'parameters.json'), {});
  const find = (asked: string) =>
    Object.values(document.read()).find(({ name }) => name === asked || arnOf(name) === asked);
  return {
    PutParameter: (input) => {
      const { Name, Value, Type, Overwrite } = read(putInput, input, 'ValidationException');
      const name = checkName(Name);
      const previous = find(name);
      if (previous && !Overwrite) throw new AwsError('ParameterAlreadyExists', ALREADY_EXISTS);
      if (!previous && !Type) throw invalid('A parameter type is required when you create a parameter.');
      const version = (previous?.version ?? 0) + 1;
      const parameter = { name, value: checkValue(Value), version, modifiedMs: now() };
      document.write({ ...document.read(), [name]: parameter });
      return { Version: version, Tier: 'Standard' };
    },
    GetParameter: (input) => {
      const { Name } = read(getInput, input, 'ValidationException');
      const { name, selector } = reference(Name);
      const parameter = find(name);
      if (!parameter) throw notFound(Name);
      if (isSelected(parameter, selector)) return { Parameter: describe(parameter, selector) };
      throw new AwsError(
        'ParameterVersionNotFound',
        `The sandbox keeps version ${parameter.version} of ${name} only.`,
      );
    },
    GetParameters: (input) => {
      const { Names } = read(getManyInput, input, 'ValidationException');
      if (new Set(Names).size < Names.length) throw invalid('Names must not contain duplicates.');
      const found = Names.map((asked) => {
        const { name, selector } = reference(asked);
        const parameter = find(name);
        return { asked, selector, parameter: isSelected(parameter, selector) ? parameter : undefined };
      });
      return {
        Parameters: found.flatMap(({ parameter, selector }) =>
          parameter ? [describe(parameter, selector)] : [],
        ),
        InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ asked }) => asked),
      };
    },
    DescribeParameters: (input) => {
      const [{ Values = [] } = {}] = read(describeInput, input, 'ValidationException').ParameterFilters;
      const found = Object.values(document.read()).filter(({ name }) => Values.includes(name));
      return { Parameters: found.map(metadataOf) };
    },
    DeleteParameter: (input) => {
      const { Name } = read(deleteInput, input, 'ValidationException');
      const { [Name]: deleted, ...others } = document.read();
      if (!deleted) throw notFound(Name);
      document.write(others);
      return {};
    },
  };
}

function checkName(name: string): string {
  const levels = name.split('/').filter(Boolean);
  if (!/^[\w./-]{1,1011}$/.test(name))
    throw invalid('Parameter name: may have letters, digits, and the symbols . - _ and / only.');
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.');
  if (/^(aws|ssm)/i.test(levels[0] ?? ''))
    throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  if (levels.length > MAX_LEVELS)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `Parameter name: ${levels.length} levels; at most ${MAX_LEVELS} are allowed.`,
    );
  return name;
}

function checkValue(value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes <= MAX_VALUE_BYTES) return value;
  throw invalid(
    `Standard tier parameters support a maximum parameter value of ${MAX_VALUE_BYTES} characters; received ${bytes}.`,
  );
}

/** `name` or its ARN, and after another colon perhaps a version. */
function reference(asked: string): { readonly name: string; readonly selector: string | undefined } {
  const [, name = asked, selector] = asked.match(/^((?:arn(?::[^:]*){5})|[^:]*):([^:]*)$/) ?? [];
  return { name, selector };
}

function isSelected(parameter: Parameter | undefined, selector: string | undefined): boolean {
  return parameter !== undefined && (selector === undefined || selector === String(parameter.version));
}

function describe({ name, value, version, modifiedMs }: Parameter, selector: string | undefined): JsonObject {
  return {
    Name: name,
    Type: 'String',
    Value: value,
    Version: version,
    ...(selector !== undefined && { Selector: `:${selector}` }),
    LastModifiedDate: modifiedMs / 1000,
    ARN: arnOf(name),
    DataType: 'text',
  };
}

/** Without the value. */
function metadataOf({ name, version, modifiedMs }: Parameter): JsonObject {
  return {
    Name: name,
    ARN: arnOf(name),
    Type: 'String',
    Version: version,
    LastModifiedDate: modifiedMs / 1000,
    Tier: 'Standard',
    DataType: 'text',
  };
}

function arnOf(name: string): string {
  return arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function notFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

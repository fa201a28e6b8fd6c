import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as sdk from '@aws-sdk/client-codepipeline';

/** What the SDK itself says of every operation: its schemas, and the enumerations of its declarations. */

const exported: Readonly<Record<string, unknown>> = { ...sdk };

/** How a body differs from what the SDK's model has for the operation; nothing when it agrees. */
export function disagreements(
  operation: string,
  side: 'request' | 'response',
  body: unknown,
): readonly string[] {
  const schema = exported[`${operation}$`];
  if (!Array.isArray(schema)) return [`${operation}: the SDK has no such operation`];
  return differences(side === 'request' ? schema[4] : schema[5], body, `${operation} ${side}`);
}

/** `true` for the exceptions that the SDK knows. */
export function isKnownError(code: string): boolean {
  return Array.isArray(exported[`${code}$`]);
}

const LIST = 64;
const MAP = 128;
const KINDS: Readonly<Record<number, string>> = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'number' };
const PLAUSIBLE_SECONDS = [1_400_000_000, 4_000_000_000] as const;

/** The shapes are arrays: `[kind, namespace, name, traits, …]`, made lazily; small numbers are simple types. */
function differences(given: unknown, value: unknown, path: string): readonly string[] {
  const schema = unwrapped(given);
  if (typeof schema === 'number') return simpleDifferences(schema, value, path);
  if (schema === 'unit')
    return isObject(value) && Object.keys(value).length === 0 ? [] : [`${path}: not empty`];
  if (!Array.isArray(schema)) return [`${path}: the test cannot read the schema`];
  const [kind, , name, , first, second, required = 0] = schema;
  if (kind === 0) return differences(first, value, path);
  if (kind === 1) return listDifferences(first, value, path);
  if (kind === 2) return mapDifferences(second, value, path);
  if (kind !== 3) return [`${path}: the test does not know the kind ${String(kind)}`];
  return structureDifferences({ name, names: first, schemas: second, required }, value, path);
}

interface Structure {
  readonly name: string;
  readonly names: readonly string[];
  readonly schemas: readonly unknown[];
  readonly required: number;
}

function structureDifferences(
  { name, names, schemas, required }: Structure,
  value: unknown,
  path: string,
): readonly string[] {
  if (!isObject(value)) return [`${path}: ${typeof value} instead of ${name}`];
  const missing = names.slice(0, required).filter((each) => value[each] === undefined);
  const members = Object.entries(value).flatMap(([member, inner]) => {
    const index = names.indexOf(member);
    if (index < 0) return [`${path}.${member}: ${name} has no such member`];
    const allowed = enumerationOf(name, member);
    const isStrange = allowed && typeof inner === 'string' && !allowed.includes(inner);
    return [
      ...(isStrange ? [`${path}.${member}: ${inner} is none of ${allowed.join(', ')}`] : []),
      ...differences(schemas[index], inner, `${path}.${member}`),
    ];
  });
  return [...missing.map((each) => `${path}.${each}: missing`), ...members];
}

function simpleDifferences(schema: number, value: unknown, path: string): readonly string[] {
  if (schema >= MAP) return mapDifferences(schema - MAP, value, path);
  if (schema >= LIST) return listDifferences(schema - LIST, value, path);
  const kind = KINDS[schema];
  const found = value === null ? 'null' : typeof value;
  if (found !== kind) return [`${path}: ${found} instead of ${kind}`];
  const [earliest, latest] = PLAUSIBLE_SECONDS;
  const isTime = schema === 4 && typeof value === 'number';
  return isTime && (value < earliest || value > latest) ? [`${path}: ${value} is no time in seconds`] : [];
}

function listDifferences(item: unknown, value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${path}: ${typeof value} instead of a list`];
  return value.flatMap((each, index) => differences(item, each, `${path}[${index}]`));
}

function mapDifferences(item: unknown, value: unknown, path: string): readonly string[] {
  if (!isObject(value)) return [`${path}: ${typeof value} instead of a map`];
  return Object.entries(value).flatMap(([key, each]) => differences(item, each, `${path}.${key}`));
}

function unwrapped(schema: unknown): unknown {
  if (typeof schema === 'function') return unwrapped(schema());
  const isWithTraits = Array.isArray(schema) && schema.length === 2 && typeof schema[1] === 'number';
  return isWithTraits ? unwrapped(schema[0]) : schema;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const manifest = createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline/package.json');
const declarations = readFileSync(join(dirname(manifest), 'dist-types/models/models_0.d.ts'), 'utf8');

/** The schemas do not tell enumerations; the declarations of the SDK do: `status?: StageExecutionStatus | undefined`. */
function enumerationOf(structure: string, member: string): readonly string[] | undefined {
  const start = declarations.indexOf(`export interface ${structure} {`);
  const body = declarations.slice(start, declarations.indexOf('\n}', start));
  const type = body.match(new RegExp(`^ {4}${member}\\??: (\\w+) \\| undefined;`, 'm'))?.[1] ?? '';
  const values = exported[type];
  return isObject(values) ? Object.values(values).map(String) : undefined;
}

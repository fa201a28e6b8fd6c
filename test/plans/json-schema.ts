import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { planDocument } from '../../lib/drill/plan/schema.ts';

const HEAD = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Rollback drill plan',
  description:
    'What to drill and within which limits. `drill check` tells everything that this schema cannot.',
};

/** Judged by code, which JSON Schema cannot carry. */
const CODE = ['transform', 'raw_transform', 'raw_check', 'check'];

/**
 * The schema for editors, made from the one that judges plans. It stands here, and not in lib/, because its converter is
 * a development dependency that must not get into a bundle.
 */
export function planJsonSchema(): string {
  const schema = toJsonSchema(planDocument, {
    typeMode: 'output',
    ignoreActions: CODE,
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'loose_object' && Object.keys(jsonSchema.properties ?? {}).length > 0
        ? { ...jsonSchema, additionalProperties: false }
        : undefined,
  });
  return `${JSON.stringify({ ...HEAD, ...withReferences(schema) }, null, 2)}\n`;
}

/** Wherever a form is asked for, a `${NAME}` that is replaced later is right too. */
function withReferences(schema: JsonSchema): JsonSchema {
  const copy: JsonSchema = JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'pattern' && typeof value === 'string' ? `${value}|\\$\\{` : value,
  );
  return copy;
}

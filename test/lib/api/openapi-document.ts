import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type { Fields } from '../../../lib/api/fields.ts';
import { parametersOf } from '../../../lib/api/paths.ts';
import { PROBLEMS, type ProblemName } from '../../../lib/api/problem.ts';
import { PARAMETERS, problemsOf, type Route } from '../../../lib/api/route.ts';
import { ROUTES } from '../../../lib/api/routes.ts';

const INFO = {
  title: 'Rollback drills',
  version: '1',
  description:
    'How fast and how reliably rollbacks work, from drills. Every request is signed with AWS Signature Version 4 for the service execute-api; the signature says who calls. Lists are told page by page: `next` is the `cursor` of the next page. A target has a slash in its name, which may be written as it is or as %2F.',
};

/** Judged by code, which JSON Schema cannot carry. */
const CODE = ['transform', 'raw_transform', 'raw_check', 'check'];

/**
 * The OpenAPI document, made from the table of routes. It stands here, and not in lib/, because its converter is a
 * development dependency that must not get into a bundle.
 */
export function openApiDocument(): string {
  const document = {
    openapi: '3.1.0',
    info: INFO,
    security: [{ sigv4: [] }],
    paths: Object.fromEntries(
      [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => [
        path,
        Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operation(route)])),
      ]),
    ),
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
      responses: Object.fromEntries(
        (Object.keys(PROBLEMS) as ProblemName[]).map((name) => [name, problemResponse(name)]),
      ),
      schemas: { Problem: PROBLEM },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function operation(route: Route): object {
  const { operation: operationId, summary, success, method } = route;
  const statuses = Map.groupBy(problemsOf(route), (name) => PROBLEMS[name].status);
  return {
    operationId,
    summary,
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(method === 'POST' ? { requestBody: bodyOf(route) } : {}),
    responses: {
      [success.status]: {
        description: success.description,
        content: Object.fromEntries(
          route.offers.map((type) => [
            type,
            { schema: type === 'application/json' ? answered(success.schema) : { type: 'string' } },
          ]),
        ),
      },
      ...Object.fromEntries(
        [...statuses].map(([status, [name]]) => [status, { $ref: `#/components/responses/${name}` }]),
      ),
    },
  };
}

function pathParameters({ path }: Route): readonly object[] {
  return parametersOf(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    // Patterns of JSON Schema are Unicode without a flag.
    schema: asked(PARAMETERS[name], 'ignore'),
  }));
}

function queryParameters({ query }: Route): readonly object[] {
  const { properties = {}, required = [] } = asked(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters({ headers = {} }: Route): readonly object[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}

function bodyOf({ body }: Route): object {
  const schema = asked(body);
  return {
    required: (schema.required ?? []).length > 0,
    content: { 'application/json': { schema } },
  };
}

function problemResponse(name: ProblemName): object {
  return {
    description: PROBLEMS[name].title,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { enum: Object.keys(PROBLEMS).map((name) => `urn:rollback-drill:problem:${name}`) },
    title: { type: 'string' },
    status: { enum: [...new Set(Object.values(PROBLEMS).map(({ status }) => status))] },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['in', 'field', 'message'],
        properties: {
          in: { enum: ['path', 'query', 'header', 'body'] },
          field: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};

/** As a client sends it. */
function asked(schema: Fields, errorMode: 'throw' | 'ignore' = 'throw'): JsonSchema {
  return withoutDialect(toJsonSchema(schema, { typeMode: 'input', ignoreActions: CODE, errorMode }));
}

function answered(schema: Fields): JsonSchema {
  return withoutDialect(toJsonSchema(schema, { typeMode: 'output', ignoreActions: CODE }));
}

function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

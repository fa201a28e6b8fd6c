import { describe, expect, test } from 'vitest';
import document from '../../../lib/api/openapi.json' with { type: 'json' };
import { PROBLEMS, type ProblemName } from '../../../lib/api/problem.ts';
import { problemsOf } from '../../../lib/api/route.ts';
import { ROUTES } from '../../../lib/api/routes.ts';
import { openApiDocument } from './openapi-document.ts';

describe('lib/api/openapi.json', () => {
  test('is what the table of routes generates (after a change: npx vitest run test/lib/api --update)', async () => {
    await expect(openApiDocument()).toMatchFileSnapshot('../../../lib/api/openapi.json');
  });

  test('documents no route that is not answered, and every one that is', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
    const operations = ROUTES.map(({ operation }) => operation);
    expect(new Set(operations).size).toBe(operations.length);
  });

  test('documents every problem, and refers to nothing that is not there', () => {
    expect(Object.keys(document.components.responses)).toEqual(Object.keys(PROBLEMS));
    const text = JSON.stringify(document);
    for (const [, section = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g))
      expect(Object.keys(document.components[section as 'schemas'])).toContain(name);
  });

  test('tells no two problems of one status in one place apart by chance', () => {
    for (const route of ROUTES) {
      const statuses = problemsOf(route).map((name: ProblemName) => PROBLEMS[name].status);
      expect(new Set(statuses).size).toBe(statuses.length);
    }
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBLEMS } from '../../../lib/api/problem.ts';
import { ROUTES } from '../../../lib/api/routes.ts';

const GUIDE = new URL('../../../docs/api.md', import.meta.url);
const text = readFileSync(GUIDE, 'utf8');

test('the guide leaves out no request, and has none that is not answered', () => {
  const told = [...text.matchAll(/^\| `(GET|POST) (\/[^`?]*)[^`]*`/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  expect(told.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
});

test('the guide leaves out no problem, and tells its status', () => {
  const told = [...text.matchAll(/^\| (\d{3}) \| `([\w-]+)`/gm)].map(([, status, name]) => [
    name,
    Number(status),
  ]);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([name, { status }]) => [name, status])),
  );
});

test('the guide names every field of a body', () => {
  const told = new Map(
    [...text.matchAll(/^\| `POST (\/[^`]*)` `\{([^}]*)\}`/gm)].map(([, path, fields = '']) => [
      path,
      fields.split(', ').map((field) => field.replace('?', '')),
    ]),
  );
  const document = JSON.parse(
    readFileSync(new URL('../../../lib/api/openapi.json', import.meta.url), 'utf8'),
  );
  for (const { method, path } of ROUTES.filter((route) => route.method === 'POST')) {
    const { schema } = document.paths[path][method.toLowerCase()].requestBody.content['application/json'];
    expect(told.get(path), path).toEqual(Object.keys(schema.properties));
  }
});

test('the guide points at no file that is not there', () => {
  for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g))
    expect(existsSync(new URL(link, GUIDE)), link).toBe(true);
});

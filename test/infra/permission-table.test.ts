import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { permissionTable, tableInReadme } from '../docs/permissions.ts';

const table = permissionTable();

test('the README tells no other permissions than the stack gives: npm run docs:permissions writes them anew', () => {
  expect(tableInReadme()).toBe(table);
});

test('no function is left out of the table, and no name in it is one that only the template knows', () => {
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(FUNCTION_NAMES);
  expect(table).not.toMatch(/[<$]\{?\w+[0-9A-F]{8}|AWS::/);
});

test('a README without a place for the table is not taken for one with an empty table', () => {
  expect(() => tableInReadme('# Another one')).toThrow("README.md has no '<!-- permissions");
});

import { expect, test } from 'vitest';
import { definitionsOf, keptOf, type SchemaObject } from '../../../../lib/drill/validations/schema.ts';
import { differenceSince, schemaDifference } from '../../../../lib/drill/validations/schema-difference.ts';

const object = (kind: string, name: string, definition: string): SchemaObject => ({ kind, name, definition });
const ID = object('column', 'public.orders.id', 'uuid not null');
const PROMO = object('column', 'public.orders.promo', 'text null');
const INDEX = object('index', 'audit.log.log_at', 'CREATE INDEX log_at\n  ON audit.log (at)');

test('nothing is told where nothing differs', () => {
  const definitions = definitionsOf([ID, PROMO], []);
  expect(schemaDifference({ name: 'a', definitions }, { name: 'b', definitions })).toEqual([]);
  expect(differenceSince(keptOf(definitions), definitions)).toEqual([]);
});

test('each difference is a line that people can read', () => {
  const primary = { name: 'the primary', definitions: definitionsOf([ID, PROMO], []) };
  const narrow = object('column', 'public.orders.id', 'text not null');
  const reports = { name: 'reports', definitions: definitionsOf([narrow, INDEX], []) };
  expect(schemaDifference(primary, reports)).toEqual([
    'orders.id (column): on the primary uuid not null, on reports text not null',
    'orders.promo (column): only on the primary: text null',
    'audit.log.log_at (index): only on reports: CREATE INDEX log_at ON audit.log (at)',
  ]);
});

test('a long definition is cut', () => {
  const view = { name: 'reports', definitions: definitionsOf([object('view', 'v', 'x'.repeat(1_000))], []) };
  const [line = ''] = schemaDifference({ name: 'a', definitions: new Map() }, view);
  expect(line.length).toBeLessThan(220);
});

const CHANGED = object('column', 'public.orders.id', 'bigint not null');
const NOW = definitionsOf([CHANGED, INDEX], []);

test('what has changed since before the drill is told with what it was', () => {
  expect(differenceSince(keptOf(definitionsOf([ID, PROMO], [])), NOW)).toEqual([
    'orders.id (column): uuid not null before the drill, now bigint not null',
    'orders.promo (column): gone since before the drill, when it was text null',
    'audit.log.log_at (index): new since before the drill: CREATE INDEX log_at ON audit.log (at)',
  ]);
});

test('of a large schema it is told which objects have changed, of a very large one that some have', () => {
  const filler = Array.from({ length: 1_000 }, (_, n) => object('column', `t.c${n}`, 'x'.repeat(400)));
  const hashed = keptOf(definitionsOf([ID, PROMO, ...filler], []));
  expect(differenceSince(hashed, definitionsOf([CHANGED, INDEX, ...filler], []))).toEqual([
    'orders.id (column): another since before the drill',
    'orders.promo (column): gone since before the drill',
    'audit.log.log_at (index): new since before the drill',
  ]);
  expect(differenceSince({ digest: 'another', objects: 20_000 }, NOW)).toEqual([
    'something; the schema is too large to have kept what',
  ]);
});

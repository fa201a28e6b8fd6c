import { expect, test } from 'vitest';
import {
  definitionsOf,
  keptOf,
  readKept,
  type SchemaObject,
  schemaDigest,
} from '../../../../lib/drill/validations/schema.ts';

const ORDERS = column('public.orders.id', 'uuid not null');
const PROMO = column('public.orders.promo', 'text null');

test('what is read in another order is the same schema', () => {
  const [one, other] = [definitionsOf([ORDERS, PROMO], []), definitionsOf([PROMO, ORDERS], [])];
  expect(schemaDigest(one)).toBe(schemaDigest(other));
});

test('a definition does not become another one by where its line breaks', () => {
  const one = definitionsOf([column('a', 'b\nc')], []);
  expect(schemaDigest(one)).not.toBe(schemaDigest(definitionsOf([column('a', 'b'), column('c', '')], [])));
});

test.each([
  ['public.orders.promo', 1],
  ['column public.orders.promo', 1],
  ['public.orders.*', 0],
  ['column *', 0],
  ['*.promo', 1],
  ['*orders*mo', 1],
  ['*', 0],
  ['index public.orders.promo', 2],
  ['orders.promo', 2],
  ['public.orders.pro', 2],
  ['public.orders.promo*o', 2],
  ['public_orders.promo', 2],
  ['public.orders.(id|promo)', 2],
])('ignoring %s leaves %i of 2 objects', (pattern, left) => {
  expect(definitionsOf([ORDERS, PROMO], [pattern]).size).toBe(left);
});

test('no pattern takes long', () => {
  const long = column('a'.repeat(5_000), 'text');
  const startedAt = performance.now();
  expect(definitionsOf([long], [`${'*a'.repeat(90)}*b`]).size).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test('nothing else than what was kept is read as such', () => {
  for (const found of [undefined, null, 'sha', {}, { digest: 1, objects: 1 }])
    expect(readKept(found)).toBeUndefined();
  const kept = keptOf(definitionsOf([ORDERS], []));
  expect(readKept(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
});

test('of a small schema everything is kept, of a large one hashes, of a very large one the digest', () => {
  const many = (count: number, definition: string) =>
    keptOf(
      definitionsOf(
        Array.from({ length: count }, (_, n) => column(`t.c${n}`, definition)),
        [],
      ),
    );
  expect(Object.keys(many(10, 'text'))).toEqual(['digest', 'objects', 'definitions']);
  expect(Object.keys(many(1_000, 'x'.repeat(400)))).toEqual(['digest', 'objects', 'hashes']);
  expect(many(20_000, 'x'.repeat(400))).toEqual({ digest: expect.any(String), objects: 20_000 });
});

function column(name: string, definition: string): SchemaObject {
  return { kind: 'column', name, definition };
}

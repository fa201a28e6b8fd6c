import { describe, expect, it } from 'vitest';
import { kindOf, parsedJson, valueAt } from '../../../../lib/adapters/http/json-path.ts';

const order = { items: [{ sku: 'mug' }, { sku: null }], total: 0, 'x-y_z': true };

describe('valueAt', () => {
  it.each([
    ['a member that is not there', '$.items[0].price'],
    ['an item beyond the end', '$.items[2]'],
    ['a member of a text', '$.items[0].sku.length'],
    ['the length of a list', '$.items.length'],
    ['an index into a mapping', '$.total[0]'],
    ['what every object inherits', '$.constructor'],
    ['the prototype', '$.__proto__'],
    ['a member of null', '$.items[1].sku.name'],
  ])('finds nothing for %s', (_, path) => {
    expect(valueAt(order, path)).toBeUndefined();
  });

  it.each([
    ['$', order],
    ['$.items[0].sku', 'mug'],
    ['$.items[1].sku', null],
    ['$.total', 0],
    ['$.x-y_z', true],
  ])('finds %s', (path, value) => {
    expect(valueAt(order, path)).toEqual(value);
  });

  it('finds an item of a list of lists', () => {
    expect(valueAt([[1, 2], [3]], '$[1][0]')).toBe(3);
  });
});

describe('parsedJson', () => {
  it('is undefined for what is no JSON, and null for null', () => {
    expect(parsedJson('<html>')).toBeUndefined();
    expect(parsedJson('')).toBeUndefined();
    expect(parsedJson('null')).toBeNull();
  });
});

describe('kindOf', () => {
  it('names values in words', () => {
    expect([null, [], {}, '', 1, false].map(kindOf)).toEqual([
      'null',
      'list',
      'object',
      'text',
      'number',
      'boolean',
    ]);
  });
});

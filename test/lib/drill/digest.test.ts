import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../../lib/drill/digest.ts';

describe('canonicalJson', () => {
  const itself: unknown[] = [];
  itself.push(itself);

  test.each([
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a hole in a list', new Array(1)],
    ['NaN', { a: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a function', { a: () => 1 }],
    ['a big integer', 1n],
    ['a date', { at: new Date(0) }],
    ['a map', new Map([['a', 1]])],
    ['a value that contains itself', itself],
  ])('refuses %s', (_, value) => expect(() => canonicalJson(value)).toThrow(/^Canonical JSON cannot carry/));

  test('sorts keys, leaves out undefined ones and uses no white space', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: true, 10: 'x', 9: 'y', gone: undefined })).toBe(
      '{"10":"x","9":"y","a":true,"b":[1,{"c":"é","d":null}]}',
    );
  });

  test('carries a value that is used twice', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test('is JSON of the same content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('digestOf', () => {
  test('tells different content apart', () => {
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
  });

  test('is the SHA-256 of the canonical JSON in UTF-8', () => {
    expect(digestOf({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test('does not depend on the order of keys', () => {
    const backwards = (value: object) => Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        (value) => digestOf(value) === digestOf(backwards(value)),
      ),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { matches, PatternError, parsePattern } from '../../../lib/drill/pattern.ts';

describe('patterns', () => {
  test.each([
    '(a)',
    'a**',
    '[z-a]',
    '\\1',
    '\\p{L}',
    'a{101}',
    'a{3,2}',
    '',
    'a'.repeat(201),
    'a\\',
    '[',
    '.{0,100}'.repeat(6),
  ])('are refused when their time could not be told: %j', (pattern) =>
    expect(() => parsePattern(pattern)).toThrow(PatternError),
  );

  test.each([
    ['^paid$|^shipped$', 'unpaid'],
    ['^ord-\\d{4}$', 'ord-12345'],
    ['[^0-9]', '123'],
    ['a.c', 'ac'],
    ['[|]', 'a'],
    ['\\$5', '5'],
    ['a+b', 'b'],
  ])('%s does not match %s', (pattern, text) => expect(matches(pattern, text)).toBe(false));

  test.each([
    ['^paid$|^shipped$', 'shipped'],
    ['^ord-\\d{4,}$', 'ord-12345'],
    ['b{2,3}$', 'abbb'],
    ['a?b*c', 'c'],
    ['a\\|b', 'a|b'],
    ['[a|b]', '|'],
    ['^$', ''],
    ['ü.', 'süß'],
    ['^.$', '😀'],
    ['\\\\$', 'C:\\'],
  ])('%s matches %s', (pattern, text) => expect(matches(pattern, text)).toBe(true));

  test('agree with regular expressions', () => {
    const patterns = ['^a*b?$', 'a+|b', '[ab]{2}', '^', 'a.b', '^[^a]*$', 'b$|^a'];
    const texts = ['', 'a', 'b', 'ab', 'ba', 'aab', 'abb', 'acb', 'bbb', 'c'];
    for (const pattern of patterns)
      for (const text of texts)
        expect(matches(pattern, text), `${pattern} on ${text}`).toBe(new RegExp(pattern, 'su').test(text));
  });

  test('take no time without end, whatever the text is', () => {
    const before = performance.now();
    expect(matches(`${'.*'.repeat(60)}=`, 'a'.repeat(2_000))).toBe(false);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

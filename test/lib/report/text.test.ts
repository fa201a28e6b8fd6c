import { expect, test } from 'vitest';
import { fitted, padded, safe, widthOf, wrapped } from '../../../lib/report/text.ts';

test('moves no cursor, sets no title and rings no bell', () => {
  expect(safe('a\x1b[2J\x1b[31mb\x1b]0;title\x07c\x07\x9b2Jd')).toBe('abcd');
});

test('lets no text turn the reading direction or hide in it', () => {
  expect(safe('ok\u202egnp.exe\u2066\u200b\u200f\ufeff\u{e0041}')).toBe('okgnp.exe');
});

test('keeps everything on one line', () => {
  expect(safe(' a\r\nb\tc\u2028d\u0085e \n')).toBe('a b c d e');
});

test('bounds what it takes, also in marks above a character', () => {
  expect([...safe('x'.repeat(1_000_000), 10)]).toHaveLength(10);
  expect([...safe(`z${'\u0301'.repeat(500)}`)]).toHaveLength(4);
});

test('never tears a character in two', () => {
  expect(safe('🦊🦊🦊🦊', 3)).toBe('🦊🦊…');
  expect(safe('a\ud800b')).toBe('a\ufffdb');
});

test('leaves what people write as it is', () => {
  expect(safe('Größe 3 ≤ 5, 日本語 — “ok” 🦊')).toBe('Größe 3 ≤ 5, 日本語 — “ok” 🦊');
});

test('counts the columns of wide characters, marks and colours', () => {
  expect(widthOf('日本')).toBe(4);
  expect(widthOf('🦊')).toBe(2);
  expect(widthOf('e\u0301')).toBe(1);
  expect(widthOf('\x1b[31mred\x1b[39m')).toBe(3);
});

test('never fits more than the columns, wide characters included', () => {
  for (const columns of [0, 1, 2, 3, 4, 5, 6]) {
    expect(widthOf(fitted('日本語 text', columns))).toBeLessThanOrEqual(columns);
  }
  expect(fitted('short', 5)).toBe('short');
});

test('fills up to columns, not characters', () => {
  expect(padded('日本', 6)).toBe('日本  ');
});

test('breaks words that no line could hold and loses nothing', () => {
  const lines = wrapped('aa bbbbbbbbbbbb c', 5);
  expect(lines.every((line) => widthOf(line) <= 5)).toBe(true);
  expect(lines.join('').replaceAll(' ', '')).toBe('aabbbbbbbbbbbbc');
});

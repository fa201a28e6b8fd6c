import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DurationError, formatDuration, parseDuration } from '../../../../lib/drill/plan/duration.ts';

describe('parseDuration', () => {
  test.each([
    '',
    '5',
    'm',
    '5 m',
    ' 5m',
    '5m ',
    '-5m',
    '+5m',
    '1.5s',
    '5min',
    '5M',
    '1s1m',
    '1m1m',
    '1e3ms',
    '٣s',
    '9999999999h',
  ])('refuses %j and says what is allowed', (text) => {
    expect(() => parseDuration(text)).toThrow(DurationError);
    expect(() => parseDuration(text)).toThrow(
      `${JSON.stringify(text)} is no duration. Write whole numbers with h, m, s or ms: 90s, 5m, 1m30s, 250ms.`,
    );
  });

  test('shows no more than the beginning of a long text', () => {
    expect(() => parseDuration('x'.repeat(100_000))).toThrow(/^"x{60}…" is no duration/);
  });

  test.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1m30s', 90_000],
    ['1h1m1s1ms', 3_661_001],
    ['1m5ms', 60_005],
    ['0s', 0],
  ])('reads %s as %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
});

describe('formatDuration', () => {
  test('refuses what is no number of milliseconds', () => {
    expect(() => formatDuration(Number.NaN)).toThrow('NaN is no number of milliseconds.');
    expect(() => formatDuration(Number.POSITIVE_INFINITY)).toThrow(DurationError);
  });

  test.each([
    [0, '0s'],
    [250, '250ms'],
    [90_000, '1m30s'],
    [3_661_001, '1h1m1s1ms'],
    [1_499.6, '1s500ms'],
    [-1_500, '-1s500ms'],
    [-0.2, '0s'],
  ])('writes %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test('writes what parseDuration reads as the same milliseconds', () => {
    const longest = 999_999_999 * 3_600_000;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longest }), (ms) => parseDuration(formatDuration(ms)) === ms),
    );
  });
});

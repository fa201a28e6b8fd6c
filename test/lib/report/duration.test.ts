import { expect, test } from 'vitest';
import { duration, elapsed, percent, setting } from '../../../lib/report/duration.ts';

test('never rounds up into a unit that was not reached', () => {
  expect(duration(119_990)).toBe('1 min 59.9 s');
  expect(duration(59_999)).toBe('59.999 s');
  expect(duration(999)).toBe('999 ms');
});

test('keeps the sign of what was negative', () => {
  expect(duration(-250)).toBe('−250 ms');
  expect(duration(-61_000)).toBe('−1 min 1.0 s');
});

test('reads like a duration at every size', () => {
  expect([0, 6_123, 252_300, 7_500_000].map(duration)).toEqual([
    '0 ms',
    '6.123 s',
    '4 min 12.3 s',
    '2 h 05 min',
  ]);
});

test('tells a chosen duration without the zeros of a measured one', () => {
  expect([250, 2_000, 2_500, 45_000, 180_000, 600_000, 90_000, 7_200_000].map(setting)).toEqual([
    '250 ms',
    '2 s',
    '2.5 s',
    '45 s',
    '3 min',
    '10 min',
    '1 min 30 s',
    '2 h',
  ]);
});

test('lines up seconds and shares', () => {
  expect(elapsed(4_310)).toBe(' 4.31s');
  expect(percent(0.8526)).toBe('85.3 %');
});

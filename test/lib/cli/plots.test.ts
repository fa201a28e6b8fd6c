import { expect, test } from 'vitest';
import { bar, sparkline } from '../../../lib/cli/plots.ts';

test('an unknown value is a dot, and not the lowest value', () => {
  expect(sparkline([null, 0, 10])).toBe('·▁█');
  expect(sparkline([])).toBe('');
  expect(sparkline([0, 0])).toBe('▁▁');
});

test('the highest value is the tallest', () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇█');
});

test('a bar shows what is not nothing, and never more than its room', () => {
  expect(bar(0, 10, 8)).toBe('');
  expect(bar(1, 100_000, 8)).toBe('▏');
  expect(bar(10, 10, 8)).toBe('████████');
  expect(bar(5, 10, 8)).toBe('████');
});

import { expect, test } from 'vitest';
import { portions } from '../../lib/infra/portions.ts';

test('no name is left out, and none is in two groups', () => {
  const names = Array.from({ length: 50 }, (_, index) => `name-${index}`.padEnd(index, '-'));
  expect(portions(names, 100).flat()).toEqual(names);
});

test('no group is longer than it may be', () => {
  const names = Array.from({ length: 50 }, (_, index) => 'n'.repeat(index + 1));
  for (const group of portions(names, 100)) expect(JSON.stringify(group).length - 1).toBeLessThanOrEqual(100);
});

test('without a name there is no group, and a name that is too long is one by itself', () => {
  expect(portions([], 10)).toEqual([]);
  expect(portions(['n'.repeat(20), 'm'], 10)).toEqual([['n'.repeat(20)], ['m']]);
});

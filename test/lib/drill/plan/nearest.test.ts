import { expect, test } from 'vitest';
import { nearest } from '../../../../lib/drill/plan/nearest.ts';

const WORDS = ['budget', 'name', 'observedBy', 'condition'];

test.each(['', 'x', 'colour', 'a'.repeat(1000)])('finds nothing near %j', (text) =>
  expect(nearest(text, WORDS)).toBeUndefined(),
);

test.each([
  ['bugdet', 'budget'],
  ['Budget', 'budget'],
  ['nmae', 'name'],
  ['observed-by', 'observedBy'],
  ['conditions', 'condition'],
])('finds what %j may have meant', (text, word) => expect(nearest(text, WORDS)).toBe(word));

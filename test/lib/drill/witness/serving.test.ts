import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { firstBadServing } from '../../../../lib/drill/witness/serving.ts';
import { ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';

function served(...samples: readonly Sample[]) {
  return firstBadServing(samples, 'v5-bad', ms(13));
}

test('the known-bad release is not serving by what was seen before it was deployed', () => {
  expect(served(bad(11), red(12.999), sample(14))).toBeUndefined();
});

test('the known-bad release is not serving while only the healthy one answers', () => {
  expect(served()).toBeUndefined();
  expect(served(sample(14), sample(15))).toBeUndefined();
});

describe('the known-bad release is serving since its', () => {
  test.each([
    ['first answer, though that was as expected', sample(20, { release: 'v5-bad' })],
    ['first failing answer', bad(20)],
    ['first failure, though nothing tells who failed', red(20)],
  ])('%s', (_, first) => {
    expect(served(sample(14), first, bad(21))).toEqual({
      at: ms(20),
      evidence: expect.stringContaining('answered 2026-11-03T10:00:20.000Z'),
    });
  });
});

import { expect, test } from 'vitest';
import { longestGapMs } from '../../../../lib/drill/witness/gaps.ts';
import { sample } from '../fixtures/samples.ts';

const SAMPLES = [10, 11, 15, 16].map((seconds) => sample(seconds));
const [FIRST, LAST] = [SAMPLES[0]?.at ?? 0, SAMPLES.at(-1)?.at ?? 0];

test('a time without any probe is one gap', () => {
  expect(longestGapMs([], 1_000, 61_000)).toBe(60_000);
});

test('what was probed before does not shorten it', () => {
  expect(longestGapMs(SAMPLES, LAST + 1_000, LAST + 9_000)).toBe(8_000);
});

test('it is found between probes, before the first and after the last', () => {
  expect(longestGapMs(SAMPLES, FIRST, LAST)).toBe(4_000);
  expect(longestGapMs(SAMPLES, FIRST - 5_000, LAST)).toBe(5_000);
  expect(longestGapMs(SAMPLES, FIRST, LAST + 6_000)).toBe(6_000);
});

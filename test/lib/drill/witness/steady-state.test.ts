import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { type SteadyStatePlan, steadyState } from '../../../../lib/drill/witness/steady-state.ts';
import { ms } from '../fixtures/journal.ts';
import { red, sample } from '../fixtures/samples.ts';

const PLAN: SteadyStatePlan = { forMs: 10_000, minimumSamples: 4, maximumFailingShare: 0.25 };
const GREEN = [1, 2, 3, 4].map((seconds) => sample(seconds));

function judged(samples: readonly Sample[], now = 10, plan = PLAN) {
  return steadyState(samples, plan, ms(0), ms(now));
}

describe('the baseline is not good', () => {
  test.each<[string, readonly Sample[], string]>([
    ['with too few probes', GREEN.slice(1), '3 probes < 4 that the plan asks for'],
    [
      'with too many failing ones',
      [...GREEN.slice(0, 3), red(4), red(5)],
      '2 of 5 probes failed (40 %) > 25 %; the last one: no answer within 2000 ms',
    ],
    [
      'when no answer tells its release',
      GREEN.map((each) => ({ ...each, release: null })),
      'no probe could read the identity of the release',
    ],
    [
      'when two releases answer',
      [...GREEN, sample(5, { release: 'v3' })],
      'more than one release answers: v4, v3',
    ],
  ])('%s', (_, samples, reason) => expect(judged(samples)).toEqual({ kind: 'bad', reason }));

  test('without any probe, though the plan asked for none', () => {
    expect(judged([], 10, { ...PLAN, minimumSamples: 0 }).kind).toBe('bad');
  });

  test('before its time is over, however green', () => {
    expect(judged(GREEN, 9.999)).toEqual({ kind: 'measuring' });
  });
});

test('a good baseline names the release that answers and shows the arithmetic', () => {
  expect(judged([...GREEN.slice(0, 3), red(4)])).toEqual({
    kind: 'good',
    release: 'v4',
    baseline: { samples: 4, failed: 1, latencyMs: { p50: 20, p90: 20, p95: 20, p99: 20 } },
    reason: '1 of 4 probes failed (25 %) ≤ 25 %; release v4 answers',
  });
});

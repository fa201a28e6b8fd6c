import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { type Stability, stability } from '../../../../lib/drill/witness/stability.ts';
import { at, ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';

/** Restored at 200 s, a quiet period of 100 s that began at 221 s. */
function watched(samples: readonly Sample[], now = 400): Stability {
  return stability({
    samples,
    knownBad: 'v5-bad',
    restoredAt: ms(200),
    since: ms(221),
    quietMs: 100_000,
    now: ms(now),
  });
}

describe('the all-clear is not given', () => {
  test.each<[string, readonly Sample[], number]>([
    ['before the quiet period is over', [sample(222), sample(320)], 320],
    ['without a single probe', [], 400],
    ['by probes from before the quiet period', [sample(210), sample(220)], 400],
    ['by probes that ended before it was over: nobody watched the rest', [sample(222), sample(320.9)], 400],
  ])('%s', (_, samples, now) => expect(watched(samples, now)).toEqual({ kind: 'watching' }));

  test.each([205, 225, 320])('when the known-bad release was seen again at %d s', (seconds) => {
    expect(watched([sample(201), bad(seconds), sample(321)])).toEqual({
      kind: 'bad-again',
      reason: expect.stringContaining('the known-bad release was seen after it was gone: probe sent'),
      at: at(seconds),
    });
  });

  test('when the known-bad release was seen again, though it answered as expected', () => {
    expect(watched([sample(222, { release: 'v5-bad' }), sample(321)]).kind).toBe('bad-again');
  });

  test.each([205, 225, 320])('when smoke was red on the healthy release at %d s', (seconds) => {
    expect(watched([sample(201), red(seconds), sample(321)])).toEqual({
      kind: 'unstable',
      reason: expect.stringContaining('smoke is red on the healthy release: probe sent'),
      at: at(seconds),
    });
  });
});

test('the known-bad release seen again outweighs a red probe before it', () => {
  expect(watched([red(222), bad(223)]).kind).toBe('bad-again');
});

test('what was seen before the restoration does not count against it', () => {
  expect(watched([bad(199), red(199.5), sample(222), sample(321)]).kind).toBe('all-clear');
});

test('the all-clear is at the first probe after the end of the quiet period', () => {
  const samples = [sample(210), ...[221, 250, 300, 320.9, 321.2, 322].map((seconds) => sample(seconds))];
  expect(watched(samples, 323)).toEqual({
    kind: 'all-clear',
    reason: '6 green probes in a quiet period of 100000 ms',
    at: at(321.2),
  });
});

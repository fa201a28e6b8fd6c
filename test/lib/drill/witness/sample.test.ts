import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describe as described,
  inOrder,
  isGreen,
  summarise,
  worthKeeping,
} from '../../../../lib/drill/witness/sample.ts';
import { at, ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';

describe('a probe is not green', () => {
  test.each([
    ['when it failed', bad(1)],
    ['when another release answered as expected', sample(1, { release: 'v9' })],
    ['when the answer told no release', sample(1, { release: null })],
    ['when the healthy release answered otherwise', sample(1, { ok: false })],
  ])('%s', (_, probe) => expect(isGreen(probe, 'v4')).toBe(false));

  test('unless the last healthy release answered as expected', () => {
    expect(isGreen(sample(1), 'v4')).toBe(true);
  });
});

describe('the summary of the probes', () => {
  test('does not count what was seen before the known-bad release was deployed', () => {
    expect(summarise([bad(5), red(12), sample(14), sample(15)], 'v5-bad', ms(13))).toEqual({
      total: 2,
      failed: 0,
      firstFailedAt: null,
      lastFailedAt: null,
      totalWhileFailing: 0,
      lastKnownBadSeenAt: null,
      longestSilenceMs: 1_000,
    });
  });

  test.each([
    ['was never deployed', null],
    ['was deployed after the last probe', ms(99)],
  ])('does not take silence for health when the release %s', (_, since) => {
    expect(summarise([bad(5), sample(14)], 'v5-bad', since)).toMatchObject({
      total: 0,
      longestSilenceMs: null,
    });
  });

  test('spans the first to the last failing probe, in whatever order they were stored', () => {
    const samples = [sample(14), bad(20), sample(21), red(22), bad(23), sample(24), sample(30)];
    const summary = {
      total: 7,
      failed: 3,
      firstFailedAt: at(20),
      lastFailedAt: at(23),
      totalWhileFailing: 4,
      lastKnownBadSeenAt: at(23),
      longestSilenceMs: 6_000,
    };
    expect(summarise(samples, 'v5-bad', ms(13))).toEqual(summary);
    fc.assert(
      fc.property(fc.shuffledSubarray(samples, { minLength: samples.length }), (shuffled) => {
        expect(summarise(shuffled, 'v5-bad', ms(13))).toEqual(summary);
      }),
    );
  });

  test('counts the silence between the deployment and the first probe', () => {
    expect(summarise([sample(12), sample(60)], 'v5-bad', ms(13)).longestSilenceMs).toBe(47_000);
  });

  test('sees the known-bad release also when it answers as expected', () => {
    const seen = summarise([sample(20, { release: 'v5-bad' })], 'v5-bad', ms(13));
    expect(seen).toMatchObject({ failed: 0, lastKnownBadSeenAt: at(20) });
  });
});

describe('the tasks that still served the known-bad release', () => {
  const by = (instance: string, seconds: number) => ({ ...bad(seconds), instance });

  test('are none when the control plane was not done, or only the healthy release answered after it', () => {
    expect(summarise([by('i-7', 20)], 'v5-bad', ms(13))).not.toHaveProperty('strays');
    expect(summarise([by('i-7', 20), sample(40)], 'v5-bad', ms(13), ms(30))).not.toHaveProperty('strays');
  });

  test('are named with how often they answered, the busiest first, also where an answer names nobody', () => {
    const samples = [by('i-7', 20), bad(31), by('i-8', 32), by('i-7', 33), red(34), by('i-7', 35)];
    expect(summarise(samples, 'v5-bad', ms(13), ms(30)).strays).toEqual([
      { instance: 'i-7', answers: 2, lastSeenAt: at(35) },
      { instance: null, answers: 1, lastSeenAt: at(31) },
      { instance: 'i-8', answers: 1, lastSeenAt: at(32) },
    ]);
  });

  test('are at most ten', () => {
    const samples = Array.from({ length: 30 }, (_, index) => by(`i-${index}`, 31 + index));
    expect(summarise(samples, 'v5-bad', ms(13), ms(30)).strays).toHaveLength(10);
  });
});

test('which task gave an answer is not kept of green ones, as far as green is known', () => {
  const green = { ...sample(1), instance: 'i-1' };
  expect(worthKeeping(green, 'v4')).toEqual(sample(1));
  expect(worthKeeping(green, undefined)).toEqual(sample(1));
  expect(worthKeeping(green, 'v3')).toBe(green);
  expect(worthKeeping({ ...bad(2), instance: 'i-7' }, 'v4')).toMatchObject({ instance: 'i-7' });
});

test('samples are ordered by their answers, and the given ones are left alone', () => {
  const samples = [sample(3), sample(1), sample(2)];
  expect(inOrder(samples).map((each) => each.at)).toEqual([ms(1), ms(2), ms(3)]);
  expect(samples[0]?.at).toBe(ms(3));
});

test('a probe is described with its times, its verdict and its release', () => {
  expect(described(red(20))).toBe(
    `probe sent ${at(19.98)}, answered ${at(20)}: no answer within 2000 ms, release not told`,
  );
  expect(described(sample(20))).toContain(': ok, release v4');
});

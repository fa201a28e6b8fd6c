import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso } from '../../../../lib/drill/clock.ts';
import { type RestorationQuestion, restoration } from '../../../../lib/drill/witness/restoration.ts';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { at, ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';
import { target, uniformTarget } from '../fixtures/target.ts';

const GREENS = [61, 62, 63].map((seconds) => sample(seconds));

function asked(samples: readonly Sample[], more: Partial<RestorationQuestion> = {}): RestorationQuestion {
  return {
    samples,
    state: uniformTarget(50),
    lastHealthy: 'v4',
    greens: 3,
    since: ms(26),
    deployedAt: ms(13),
    ...more,
  };
}

describe('the target is not restored', () => {
  test.each<[string, RestorationQuestion, string]>([
    ['while nobody has read the control plane', asked(GREENS, { state: null }), 'has not been read'],
    ['while the control plane is not uniform', asked(GREENS, { state: target() }), 'known-bad release'],
    ['by too few greens', asked(GREENS.slice(1)), '2 greens running < 3'],
    ['by no green at all', asked([]), '0 greens running < 3'],
    ['when the last probe is red', asked([...GREENS, red(64)]), '0 greens running < 3'],
    ['by greens that are not running', asked([...GREENS, bad(64), sample(65)]), '1 greens running < 3'],
    [
      'by right answers of another release',
      asked([...GREENS, sample(64, { release: 'v9' })]),
      '0 greens running < 3',
    ],
    [
      'by answers that tell no release',
      asked(GREENS.map(({ at: when }) => ({ ...sample(0), at: when, release: null }))),
      '0 greens',
    ],
    ['by greens from before the rollback', asked(GREENS, { since: ms(62.5) }), '1 greens running < 3'],
    [
      'by a run that only looks uninterrupted because a red probe was stored late',
      asked([...GREENS, sample(64), red(63.5)]),
      '1 greens running < 3',
    ],
  ])('%s', (_, question, reason) =>
    expect(restoration(question)).toEqual({ kind: 'not-yet', reason: expect.stringContaining(reason) }),
  );
});

describe('the target is restored since the later of', () => {
  test.each([
    ['the first green', 50, 61, 'probe'],
    ['the control plane being uniform', 61.5, 61.5, 'api'],
    ['both at once', 61, 61, 'probe'],
  ] as const)('%s', (_, settledAt, restoredAt, source) => {
    const answer = restoration(asked([bad(60), ...GREENS], { state: uniformTarget(settledAt) }));
    expect(answer).toEqual({
      kind: 'restored',
      restored: {
        at: at(restoredAt),
        source,
        controlPlaneDoneAt: at(settledAt),
        firstGreenAt: at(61),
        greens: 3,
        stableFirstSeenAt: at(61),
      },
    });
  });
});

describe('the first healthy response of the final run', () => {
  function stableFirstSeen(samples: readonly Sample[], more: Partial<RestorationQuestion> = {}) {
    const answer = restoration(asked(samples, more));
    return answer.kind === 'restored' ? answer.restored.stableFirstSeenAt : 'not restored';
  }

  test('may be before the rollback was started: then users were well already', () => {
    expect(stableFirstSeen([bad(20), sample(24), ...GREENS])).toBe(at(24));
  });

  test('does not exist when users saw nothing', () => {
    expect(stableFirstSeen([bad(5), sample(14), ...GREENS])).toBeNull();
    expect(stableFirstSeen([bad(20), ...GREENS], { deployedAt: null })).toBeNull();
  });
});

describe('whatever the witness saw and whenever the control plane was uniform', () => {
  const moments = fc.uniqueArray(fc.integer({ min: 27, max: 90 }), { minLength: 3, maxLength: 40 });
  const seen = moments.chain((seconds) =>
    fc.tuple(
      ...seconds.map((second) => fc.constantFrom(sample(second), sample(second), bad(second), red(second))),
    ),
  );

  test('restored is never before a red probe, nor before the control plane was uniform', () => {
    fc.assert(
      fc.property(
        seen,
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 1, max: 5 }),
        (samples, settled, greens) => {
          const answer = restoration(asked(samples, { state: uniformTarget(settled), greens }));
          if (answer.kind !== 'restored') return;
          const { at: restoredAt, greens: counted } = answer.restored;
          for (const each of samples.filter(({ ok }) => !ok)) expect(restoredAt > iso(each.at)).toBe(true);
          expect(restoredAt >= at(settled)).toBe(true);
          expect(counted).toBeGreaterThanOrEqual(greens);
        },
      ),
    );
  });

  test('the order in which samples were stored changes nothing', () => {
    fc.assert(
      fc.property(seen, fc.integer({ min: 20, max: 100 }), (samples, settled) => {
        const state = uniformTarget(settled);
        expect(restoration(asked(samples.toReversed(), { state }))).toEqual(
          restoration(asked(samples, { state })),
        );
      }),
    );
  });
});

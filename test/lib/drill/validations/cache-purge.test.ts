import { describe, expect, test } from 'vitest';
import { judgePurge, type Look, type PurgeSeen } from '../../../../lib/drill/validations/cache-purge.ts';
import { failed, unknown } from '../../../../lib/drill/validations/trouble.ts';

const RESTORED = 10_000;
const PURGED = 12_000;

/** Looks half a second apart, from the purge on: a release, nothing, or a trouble. */
function looks(...found: readonly (string | null | Look['trouble'])[]): readonly Look[] {
  return found.map((one, index) => ({
    at: PURGED + 500 * (index + 1),
    release: typeof one === 'string' ? one : null,
    trouble: typeof one === 'string' ? null : one,
  }));
}

function seen(after: readonly Look[], more: Partial<PurgeSeen> = {}): PurgeSeen {
  const before = { at: PURGED - 10, release: 'v5-bad', trouble: null };
  const watched = [{ name: 'catalogue', before, after }];
  const own = { healthy: 'v4', greens: 3, restoredAt: RESTORED, purgedAt: PURGED, told: 'accepted' };
  return { ...own, watched, ...more };
}

describe('a purge is not proven', () => {
  test.each<[title: string, after: readonly Look[], verdict: string, reason: string]>([
    [
      'by a path that still serves the bad release',
      looks('v5-bad', 'v5-bad'),
      'failed',
      'catalogue still serves v5-bad 1.0 s after the purge (2 of 2 answers)',
    ],
    [
      'by a path that serves it now and then, as one of several edges does',
      looks('v4', 'v4', 'v5-bad', 'v4', 'v4'),
      'failed',
      'catalogue now and then serves v5-bad 2.5 s after the purge (1 of 5 answers)',
    ],
    [
      'by a path that is not answered any more',
      looks('v4', 'v4', failed('status 503, allowed 200')),
      'failed',
      'catalogue does not answer: status 503, allowed 200',
    ],
    [
      'by a path that could not be asked',
      looks(unknown('host name could not be resolved (EAI_AGAIN)')),
      'unknown',
      'catalogue does not answer: host name could not be resolved (EAI_AGAIN)',
    ],
    [
      'by answers that do not tell their release',
      looks(null, null, null),
      'unknown',
      'catalogue does not tell its release 1.5 s after the purge',
    ],
    [
      'by too few answers',
      looks('v4', 'v4'),
      'unknown',
      'catalogue served v4 2 times running when the time was over',
    ],
    ['by what was there before it', [], 'unknown', 'catalogue was not asked after the purge'],
  ])('%s', (_, after, verdict, reason) =>
    expect(judgePurge(seen(after))).toMatchObject({
      verdict,
      reason: `0 of 1 paths serve v4 3 times running; ${reason}`,
    }),
  );

  test('without any path', () => expect(judgePurge(seen([], { watched: [] })).verdict).toBe('unknown'));
});

test('a path that stays stale is a gap that names it', () =>
  expect(judgePurge(seen(looks('v5-bad'))).gaps).toEqual([
    {
      code: 'stale-cache-after-purge',
      severity: 'serious',
      message:
        'The purge was accepted, but catalogue still serves v5-bad 0.5 s after the purge (1 of 1 answers)',
      evidence: 'accepted',
    },
  ]));

describe('a purge is proven', () => {
  test('by the healthy release several times running, with the stale window since the restoration', () => {
    const judged = judgePurge(seen(looks('v5-bad', null, 'v4', 'v4', 'v4')));
    expect(judged).toEqual({
      verdict: 'passed',
      reason: '1 of 1 paths serve v4 3 times running; the last stale answer was seen 2.5 s after restored',
      evidence: [
        'purge: accepted',
        'catalogue: v5-bad before the purge, 5 answers after it, 1 of them from v5-bad, the last 3 from v4; the last stale answer was seen 2.5 s after restored',
      ],
    });
  });

  test('with what was stale until the purge', () =>
    expect(judgePurge(seen(looks('v4', 'v4', 'v4'))).reason).toBe(
      '1 of 1 paths serve v4 3 times running; the last stale answer was seen 2.0 s after restored',
    ));

  test('and nobody met anything stale', () => {
    const before = { at: PURGED, release: 'v4', trouble: null };
    const watched = [{ name: 'catalogue', before, after: looks('v4', 'v4', 'v4') }];
    expect(judgePurge(seen([], { watched })).reason).toBe(
      '1 of 1 paths serve v4 3 times running; no stale answer was seen',
    );
  });
});

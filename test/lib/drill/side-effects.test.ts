import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { badWindow, gapsOfCensus, owedSideEffects } from '../../../lib/drill/side-effects.ts';
import { goodDrill, having, lacking, mark, ms, restored, voided } from './fixtures/journal.ts';

const GOOD = goodDrill();
const CENSUS = [
  { endpoint: 'POST /orders', effect: 'an order', compensation: 'cancel it' },
  { endpoint: 'POST /mails', effect: 'a mail', compensation: 'apologise' },
];

function counted(...counts: readonly { endpoint: string; count: number | null; reason: string }[]): Entry {
  return {
    kind: 'side-effects-counted',
    key: 'side-effects-counted/1',
    counts,
    at: '2026-11-03T10:03:20.000Z',
  };
}

describe('the time in which the known-bad release was live', () => {
  test.each([
    ['when it was never deployed', lacking(GOOD, 'mark/bad')],
    ['while the target is not restored', lacking(GOOD, 'restored')],
    ['when the restoration is void', [...GOOD, voided(300)]],
  ])('is not known %s', (_, journal) => expect(badWindow(journal)).toBeNull());

  test('goes from its first sign to the restored target', () => {
    const journal = having(GOOD, mark('badServing', 20), restored(180));
    expect(badWindow(journal)).toEqual({ since: ms(20), until: ms(180) });
  });

  test('begins with the deployment when nobody saw it serve', () => {
    const journal = having(lacking(GOOD, 'mark/badServing'), mark('badDeployStarted', 13), restored(180));
    expect(badWindow(journal)).toEqual({ since: ms(13), until: ms(180) });
  });
});

describe('what is owed', () => {
  test('is never said to be nothing where nothing was counted', () => {
    expect(owedSideEffects(GOOD, CENSUS).map(({ happened, owed }) => [happened, owed])).toEqual([
      [null, 'not counted: cancel it'],
      [null, 'not counted: apologise'],
    ]);
  });

  test('is a compensation for each time that it happened', () => {
    const journal = [
      ...GOOD,
      counted(
        { endpoint: 'POST /orders', count: 7, reason: '7 from … to …' },
        { endpoint: 'POST /mails', count: 0, reason: '0 from … to …' },
      ),
    ];
    expect(owedSideEffects(journal, CENSUS)).toEqual([
      { ...CENSUS[0], happened: 7, reason: '7 from … to …', owed: '7 × cancel it' },
      { ...CENSUS[1], happened: 0, reason: '0 from … to …', owed: null },
    ]);
  });

  test('is counted anew when the known-bad release came back', () => {
    const journal = [...GOOD, counted({ endpoint: 'POST /orders', count: 7, reason: '7' }), voided(300)];
    expect(owedSideEffects(journal, CENSUS)[0]?.happened).toBeNull();
  });
});

describe('gaps', () => {
  test('a plan without a census is one', () => {
    expect(gapsOfCensus([])).toMatchObject([{ code: 'no-side-effect-census', severity: 'notice' }]);
  });

  test('what could not be counted is one; what the plan cannot count, is told on the receipt only', () => {
    const journal = [
      ...GOOD,
      counted({ endpoint: 'POST /orders', count: null, reason: 'not counted: status 503' }),
    ];
    expect(gapsOfCensus(owedSideEffects(journal, CENSUS))).toEqual([
      {
        code: 'side-effects-not-counted',
        severity: 'warning',
        message: 'what POST /orders did while the known-bad release was live could not be counted',
        evidence: 'not counted: status 503',
      },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { receiptFrom } from '../../../lib/drill/receipt.ts';
import {
  at,
  goodDrill,
  having,
  lacking,
  PLAN,
  probes,
  restored,
  trigger,
  UNDETECTED,
} from './fixtures/journal.ts';

const GOOD = goodDrill();
const NO_ILLUSION = having(GOOD, probes({ lastKnownBadSeenAt: at(100) }));

function gaps(journal: readonly Entry[]) {
  return receiptFrom(journal, { ...PLAN, detection: { ...PLAN.detection, triggers: [] } }).gaps.map(
    ({ code, severity, evidence }) => [code, severity, evidence],
  );
}

/** The drill with a rehearsal timer of this length. */
function timed(seconds: number): readonly Entry[] {
  return having(NO_ILLUSION, trigger('checkout-fails', 25), restored(25 + seconds));
}

describe('the rehearsal timer', () => {
  test.each([
    ['no gap at 15 minutes', 900, []],
    ['serious over 15 minutes', 900.001, [['slow-rehearsal', 'serious', 'rehearsal timer 900001 ms']]],
    ['no gap at 2 minutes', 120, []],
    ['a notice under 2 minutes', 119.999, [['fast-rehearsal', 'notice', 'rehearsal timer 119999 ms']]],
  ])('is %s', (_, seconds, found) => expect(gaps(timed(seconds))).toEqual(found));

  test('is no gap when it is unknown: that is told elsewhere', () => {
    expect(gaps(lacking(NO_ILLUSION, 'trigger/'))).toEqual([]);
  });
});

test('a release that nobody detected is a serious gap', () => {
  const journal = lacking(having(NO_ILLUSION, UNDETECTED), 'trigger/');
  expect(gaps(journal)).toEqual([['bad-release-undetected', 'serious', 'no trigger fired within 300000 ms']]);
});

describe('the impact on users', () => {
  const nobody = { failed: 0, firstFailedAt: null, lastFailedAt: null, totalWhileFailing: 0 };

  test('is not called none when nobody watched', () => {
    expect(gaps(having(NO_ILLUSION, probes({ ...nobody, total: 0 })))).toEqual([]);
  });

  test('is not called none when a single probe failed', () => {
    const once = { failed: 1, firstFailedAt: at(20), lastFailedAt: at(20), totalWhileFailing: 1 };
    expect(gaps(having(NO_ILLUSION, probes({ ...once, lastKnownBadSeenAt: at(20) })))).toEqual([]);
  });

  test('is a notice when there was none: the drill proved less', () => {
    const journal = having(NO_ILLUSION, probes({ ...nobody, lastKnownBadSeenAt: null }));
    expect(gaps(journal)).toEqual([['no-user-impact', 'notice', 'user impact 0 ms, 0 failing probes']]);
  });
});

test('an illusion of recovery is a warning', () => {
  expect(gaps(NO_ILLUSION)).toEqual([]);
  expect(gaps(GOOD)).toEqual([['illusion-of-recovery', 'warning', '4000 ms']]);
});

test('an illusion of recovery names the tasks that gave it', () => {
  const strays = [
    { instance: 'i-7', answers: 12, lastSeenAt: at(194) },
    { instance: null, answers: 2, lastSeenAt: at(192) },
  ];
  expect(gaps(having(GOOD, probes({ strays })))).toEqual([
    [
      'illusion-of-recovery',
      'warning',
      `4000 ms; 12 answers of task i-7, the last at ${at(194)}; 2 answers of tasks that do not tell their names, the last at ${at(192)}`,
    ],
  ]);
});

test('gaps that were surfaced on the way come first, and none is lost', () => {
  const surfaced: Entry = {
    kind: 'gap',
    key: 'gap/left-over',
    code: 'left-over',
    severity: 'notice',
    message: 'a task definition is left',
    evidence: 'shop:5',
  };
  expect(gaps(having(GOOD, surfaced)).map(([code]) => code)).toEqual(['left-over', 'illusion-of-recovery']);
});

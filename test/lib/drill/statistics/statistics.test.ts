import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../../../lib/drill/outcome.ts';
import { MOST_OPERATORS } from '../../../../lib/drill/statistics/operators.ts';
import {
  noStatistics,
  REMEMBERED_DRILLS,
  Statistics,
  statisticsAfter,
  statisticsOfAll,
} from '../../../../lib/drill/statistics/statistics.ts';
import { receipt, record, TARGET } from '../fixtures/told-receipts.ts';

const outcome = fc.constantFrom(...OUTCOMES.filter((name) => name !== 'refused'));
const known = (figure: fc.Arbitrary<number>) => fc.option(figure, { nil: null });
const told = fc.record({
  outcome,
  speedMs: known(fc.integer({ min: 0, max: 3_600_000 })),
  timerMs: known(fc.integer({ min: 0, max: 3_600_000 })),
  completeness: known(fc.constantFrom(0, 0.3333, 0.5, 0.6667, 1)),
});

test.each(['refused', 'aborted', 'compromised'] as const)(
  'does not count how fast and how whole a drill was that is %s',
  (outcome) => {
    const after = statisticsAfter(noStatistics(TARGET), receipt({ outcome }));
    const { rollbackSpeed, rehearsalTimer, timeToDetect, completeness, spent } = after;
    expect([rollbackSpeed, rehearsalTimer, timeToDetect, completeness].map(({ n }) => n)).toEqual([
      0, 0, 0, 0,
    ]);
    expect(spent).toEqual({ timerMs: 0, byStep: {} });
    expect(after.outcomes[outcome]).toBe(1);
    expect(after.recent).toMatchObject([{ outcome, rollbackSpeedMs: 100_000 }]);
  },
);

test('takes no unknown figure for zero', () => {
  const unknown = { speedMs: null, timerMs: null, detectMs: null, completeness: null };
  const after = statisticsAfter(noStatistics(TARGET), receipt({ outcome: 'not-restored', ...unknown }));
  expect(after).toMatchObject({ rollbackSpeed: { n: 0 }, timeToDetect: { n: 0 }, completeness: { n: 0 } });
});

test('knows of a drill that touched nothing only that it was refused or aborted', () => {
  const before = statisticsAfter(noStatistics(TARGET), receipt());
  const after = statisticsAfter(statisticsAfter(before, record('a')), record('b', 'aborted'));
  expect(after).toEqual({ ...before, outcomes: { ...before.outcomes, refused: 1, aborted: 1 } });
});

test('a row of clean drills ends with the first that is not clean', () => {
  const rowOf = (...drills: Parameters<typeof receipt>[0][]) =>
    statisticsOfAll(
      TARGET,
      drills.map((drill, at) => receipt({ number: at + 1, ...drill })),
    ).cleanInARow;
  const gap = { code: 'mutable-tag', message: 'm', evidence: 'e' };
  expect(rowOf({}, {}, {})).toBe(3);
  expect(rowOf({}, {}, { gaps: [{ ...gap, severity: 'notice' }] })).toBe(3);
  expect(rowOf({}, {}, { gaps: [{ ...gap, severity: 'warning' }] })).toBe(0);
  expect(rowOf({}, { gaps: [{ ...gap, severity: 'serious' }] }, {})).toBe(1);
  expect(rowOf({}, { outcome: 'rescued' }, {})).toBe(1);
  expect(rowOf({}, { outcome: 'aborted' }, {}, {})).toBe(2);
  expect(rowOf({ timerMs: 300_000 })).toBe(0);
  expect(rowOf({ timerMs: 299_999 })).toBe(1);
  expect(rowOf({ timerMs: null })).toBe(0);
});

test('counts people, each once, and neither schedules nor whom nobody vouches for', () => {
  const statistics = statisticsOfAll(TARGET, [
    receipt({
      number: 1,
      startedBy: 'user/ana',
      approvals: [{ by: 'user/bo', at: '2026-01-01T10:00:00.000Z' }],
    }),
    receipt({ number: 2, startedBy: 'schedule' }),
    receipt({ number: 3, startedBy: 'user/bo' }),
    receipt({ number: 4, startedBy: 'somebody' }),
  ]);
  expect(statistics.operators.fingerprints).toHaveLength(2);
});

test('keeps so many operators and no more, whoever comes first', () => {
  const drills = Array.from({ length: MOST_OPERATORS + 20 }, (_, at) =>
    receipt({ number: at + 1, startedBy: `user/${at}` }),
  );
  const { operators } = statisticsOfAll(TARGET, drills);
  expect(operators).toMatchObject({ areMore: true });
  expect(operators.fingerprints).toHaveLength(MOST_OPERATORS);
  const reversed = drills.toReversed().map((drill, at) => ({ ...drill, sequence: at + 1 }));
  expect(statisticsOfAll(TARGET, reversed).operators).toEqual(operators);
});

test('a drill that passed long ago and was sealed late does not bring the last pass back', () => {
  const late = receipt({ number: 1, sequence: 2, daysLater: 1 });
  const { lastPass } = statisticsOfAll(TARGET, [receipt({ number: 2, sequence: 1, daysLater: 9 }), late]);
  expect(lastPass).toMatchObject({ number: 2 });
});

test('are the same to the digit one by one, and computed again from all drills in whatever order', () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (drills, shuffle) => {
      const receipts = drills.map((drill, at) => receipt({ number: at + 1, ...drill }));
      const records = drills.filter((_, at) => at % 5 === 0).map((_, at) => record(`refused-${at}`));
      const kept = [...records, ...receipts].reduce(statisticsAfter, noStatistics(TARGET));
      const all = [...receipts, ...records].map((drill) => ({ drill, at: shuffle.next().value }));
      const again = statisticsOfAll(
        TARGET,
        all.toSorted((a, b) => a.at - b.at).map(({ drill }) => drill),
      );
      expect(JSON.stringify(again)).toBe(JSON.stringify(kept));
      expect(v.parse(Statistics, JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    }),
    { numRuns: 40 },
  );
});

test('do not grow with the number of drills', () => {
  const drills = Array.from({ length: 2_000 }, (_, at) =>
    receipt({ number: at + 1, speedMs: ((at * 7_919) % 900_000) + 1_000, startedBy: `user/${at}` }),
  );
  const kept = statisticsOfAll(TARGET, drills);
  expect(kept.recent).toHaveLength(REMEMBERED_DRILLS);
  expect(JSON.stringify(kept).length).toBeLessThan(16_000);
});

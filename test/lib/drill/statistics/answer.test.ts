import { expect, test } from 'vitest';
import { type Answer, type Asked, answerFrom } from '../../../../lib/drill/statistics/answer.ts';
import { noStatistics, statisticsOfAll } from '../../../../lib/drill/statistics/statistics.ts';
import { DAY_MS, FIRST_DRILL, receipt, record, TARGET, type Told } from '../fixtures/told-receipts.ts';

const DAY_100 = FIRST_DRILL + 100 * DAY_MS;

const ASKED: Asked = {
  asOf: DAY_100,
  window: { kind: 'all' },
  production: { value: { deployments: 40, realRollbacks: 3, countedSince: '2026-01-01T00:00:00.000Z' } },
  path: { changed: false, reason: 'the same plan' },
};

function answer(drills: readonly Told[], asked: Partial<Asked> = {}): Answer {
  const receipts = drills.map((drill, at) => receipt({ number: at + 1, ...drill }));
  return answerFrom(statisticsOfAll(TARGET, receipts), { ...ASKED, ...asked });
}

test('says of a target that was never drilled why nothing is known, and never zero', () => {
  const { unknown, ...told } = answerFrom(noStatistics(TARGET), ASKED);
  expect(told).toMatchObject({
    rollbackSpeed: { p50: null, p95: null, max: null, n: 0 },
    successRate: null,
    completeness: { mean: null, last: null, n: 0 },
    dominantStep: null,
    trend: null,
    regression: null,
    graduated: false,
    daysSinceLastPass: null,
    readiness: null,
  });
  const nulls = ['rollbackSpeed', 'successRate', 'completeness', 'dominantStep', 'trend', 'regression'];
  for (const name of [...nulls, 'daysSinceLastPass', 'readiness']) expect(unknown[name]).toBeTruthy();
});

test('takes neither a rescued drill for a success, nor a refused, aborted or compromised one for a failure', () => {
  const outcomes = ['passed', 'passed', 'rescued', 'failed', 'aborted', 'compromised'] as const;
  const receipts = outcomes.map((outcome, at) => receipt({ number: at + 1, outcome }));
  const { successRate, frequency } = answerFrom(statisticsOfAll(TARGET, [...receipts, record('r')]), ASKED);
  expect(successRate).toBe(0.5);
  expect(frequency).toMatchObject({
    drills: 6,
    deployments: 40,
    realRollbacks: 3,
    rollbacksPerDeployment: 0.075,
  });
});

test('tells percentiles, completeness and the step that took longest', () => {
  const told = answer([
    { speedMs: 100_000, completeness: 1 },
    { speedMs: 300_000, completeness: 0.5, outcome: 'failed' },
    { speedMs: 200_000 },
    { speedMs: 900_000, completeness: 0, outcome: 'aborted' },
  ]);
  expect(told.rollbackSpeed).toEqual({ p50: 200_000, p95: 300_000, max: 300_000, n: 3 });
  expect(told.completeness).toEqual({ mean: 0.8333, last: 1, n: 3 });
  expect(told.dominantStep).toEqual({ name: 'AwaitRestored', share: 0.8333 });
});

test('tells no trend of too few drills, and says how many it needs', () => {
  const told = answer(Array.from({ length: 7 }, () => ({})));
  expect(told.trend).toBeNull();
  expect(told.unknown.trend).toBe('7 drills with a known rollback speed < 8 that make a trend');
});

test.each([
  [[100, 100, 100, 100, 100, 150, 150, 150, 150, 150], 'slower', 0.5],
  [[100, 100, 100, 100, 100, 50, 50, 50, 50, 50], 'faster', -0.5],
  [[100, 100, 100, 100, 100, 110, 110, 110, 110, 110], 'steady', 0.1],
  [[999, 100, 100, 100, 100, 100, 100, 999, 100, 100], 'steady', 0],
] as const)('of speeds %j the trend is %s', (speeds, direction, change) => {
  const told = answer(speeds.map((speedMs) => ({ speedMs })));
  expect(told.trend).toMatchObject({ direction, change, n: 10 });
});

test('compares the newest drill with the median of those before it and shows the arithmetic', () => {
  const speeds = (newest: number) => [100, 100, 100, newest].map((speedMs) => ({ speedMs }));
  expect(answer(speeds(120)).regression).toMatchObject({ regressed: false, change: 0.2, n: 3 });
  expect(answer(speeds(121)).regression).toMatchObject({
    regressed: true,
    reason: 'drill 4: 121 ms, median of the 3 before: 100 ms; +0.21 > 0.2',
  });
  expect(answer(speeds(121).slice(1)).regression).toBeNull();
});

test('an aborted drill is no regression, however slow it was', () => {
  const drills: Told[] = [{}, {}, {}, {}, { speedMs: 9_000_000, outcome: 'aborted' }];
  expect(answer(drills).regression).toMatchObject({ number: 4, regressed: false });
});

test('graduates a target after three clean drills in a row', () => {
  expect(answer([{}, {}])).toMatchObject({ graduated: false, cleanInARow: 2 });
  expect(answer([{}, {}, {}])).toMatchObject({ graduated: true, cleanInARow: 3 });
});

test('readiness halves in ninety days without a pass, and falls with what failed', () => {
  const at = (days: number) => FIRST_DRILL + DAY_MS + 180_000 + days * DAY_MS;
  const scoreAt = (days: number, drills: readonly Told[] = [{}]) =>
    answer(drills, { asOf: at(days) }).readiness?.score;
  expect(scoreAt(0)).toBe(100);
  expect(scoreAt(90)).toBe(50);
  expect(scoreAt(180)).toBe(25);
  expect(scoreAt(0, [{ daysLater: 1 }, { daysLater: 1, outcome: 'failed', completeness: 0.5 }])).toBe(25);
  expect(scoreAt(0, [{ outcome: 'failed' }])).toBe(0);
});

test('does not tell the days since a pass that is still to come on the day that is asked for', () => {
  const told = answer([{}], { asOf: FIRST_DRILL });
  expect(told).toMatchObject({ daysSinceLastPass: null, readiness: null });
  expect(told.unknown.daysSinceLastPass).toContain('is later than the day that is asked for');
  expect(answer([{}], { asOf: DAY_100 }).daysSinceLastPass).toBe(98);
});

test('says when receipts are missing in it, and when the path must be drilled again', () => {
  const told = answerFrom(statisticsOfAll(TARGET, [receipt({ number: 14 })]), {
    ...ASKED,
    path: { changed: true, reason: 'the plan is another' },
  });
  expect(told.caution).toEqual([
    '13 of 14 receipts are not in here: drill rebuild-statistics counts them',
    'the rollback path must be drilled again: the plan is another',
  ]);
});

test('asked in the same way, gives the same answer', () => {
  expect(JSON.stringify(answer([{}, {}]))).toBe(JSON.stringify(answer([{}, {}])));
});

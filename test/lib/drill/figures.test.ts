import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { FIGURES, type FigureName } from '../../../lib/drill/figures.ts';
import { receiptFrom, type UnsealedReceipt } from '../../../lib/drill/receipt.ts';
import {
  at,
  goodDrill,
  having,
  lacking,
  mark,
  PLAN,
  path,
  probes,
  restored,
  trigger,
  UNDETECTED,
  validation,
  voided,
} from './fixtures/journal.ts';

const GOOD = goodDrill();

function measured(journal: readonly Entry[]): UnsealedReceipt {
  return receiptFrom(journal, PLAN);
}

test('a drill that went well has every figure, and no reason for one that is unknown', () => {
  const { figures, unknown, notes } = measured(GOOD);
  expect(figures).toEqual({
    timeToDetectMs: 5_000,
    decisionTimeMs: 200,
    humanWaitMs: 0,
    rollbackSpeedMs: 174_800,
    rehearsalTimerMs: 175_000,
    totalRollbackTimeMs: 169_000,
    failedDeploymentRecoveryTimeMs: 180_000,
    userImpactMs: 169_000,
    failedProbeShare: 1,
    illusionOfRecoveryMs: 4_000,
    completeness: 1,
  });
  expect({ unknown, notes }).toEqual({ unknown: {}, notes: {} });
});

describe('does not invent', () => {
  test.each<[FigureName, string, readonly Entry[], string]>([
    [
      'timeToDetectMs',
      'the release went undetected',
      lacking(having(GOOD, UNDETECTED), 'trigger/'),
      'triggerObserved: undetected: no trigger fired within 300000 ms',
    ],
    [
      'timeToDetectMs',
      'nobody witnessed',
      lacking(GOOD, 'mark/badServing', 'probes'),
      'badServing: not-witnessed',
    ],
    ['decisionTimeMs', 'nothing was decided', lacking(GOOD, 'mark/rollbackDecided'), 'never-decided'],
    ['humanWaitMs', 'nothing was decided', lacking(GOOD, 'mark/rollbackDecided'), 'no rollback was decided'],
    ['rollbackSpeedMs', 'the restoration was never confirmed', lacking(GOOD, 'restored'), 'never-restored'],
    ['rehearsalTimerMs', 'the restoration was voided', having(GOOD, voided(300)), 'seen after it was gone'],
    ['rehearsalTimerMs', 'no trigger won', lacking(GOOD, 'trigger/'), 'triggerObserved: not-awaited'],
    [
      'totalRollbackTimeMs',
      'users saw nothing',
      having(GOOD, restored(200, { stableFirstSeenAt: null })),
      'never-unhealthy',
    ],
    [
      'totalRollbackTimeMs',
      'the healthy run was interrupted',
      having(GOOD, probes({ lastFailedAt: at(400) })),
      'interrupted: a probe failed at 2026-11-03T10:06:40.000Z',
    ],
    [
      'failedDeploymentRecoveryTimeMs',
      'it was never served',
      lacking(GOOD, 'mark/badServing'),
      'never-served',
    ],
    ['userImpactMs', 'the witness left nothing', lacking(GOOD, 'probes'), 'the witness left no probes'],
    ['userImpactMs', 'it saw only the steady state', having(GOOD, probes({ total: 0 })), 'left no probes'],
    [
      'failedProbeShare',
      'the witness was dead for minutes',
      having(GOOD, probes({ longestSilenceMs: 120_001 })),
      'the witness was silent for 120001 ms > 120000 ms',
    ],
    [
      'illusionOfRecoveryMs',
      'nothing was restored',
      lacking(GOOD, 'restored'),
      'no restoration was confirmed',
    ],
    ['illusionOfRecoveryMs', 'the witness left nothing', lacking(GOOD, 'probes'), 'left no probes'],
  ])('%s when %s', (name, _, journal, reason) => {
    const { figures, unknown } = measured(journal);
    expect(figures[name]).toBeNull();
    expect(unknown[name]).toContain(reason);
  });

  test('completeness when the plan requires no validation', () => {
    const plan = { ...PLAN, validations: PLAN.validations.filter(({ required }) => !required) };
    const { figures, unknown } = receiptFrom(GOOD, plan);
    expect(figures.completeness).toBeNull();
    expect(unknown.completeness).toBe('the plan requires no validation');
  });

  test('a reason: every figure that is null has one, and no other', () => {
    const { figures, unknown } = measured(lacking(GOOD, 'mark/', 'restored', 'trigger/', 'probes'));
    const missing = FIGURES.filter((name) => figures[name] === null);
    expect(Object.keys(unknown)).toEqual(missing);
    expect(missing).toEqual(FIGURES.filter((name) => name !== 'completeness'));
  });
});

describe('time to detect', () => {
  test('is not clamped when the trigger fired before users saw anything', () => {
    expect(measured(having(GOOD, trigger('checkout-fails', 18.5))).figures.timeToDetectMs).toBe(-1_500);
  });

  test('counts from the deploy call, and says so, when the release was never served', () => {
    const { figures, notes } = measured(lacking(GOOD, 'mark/badServing'));
    expect(figures.timeToDetectMs).toBe(12_000);
    expect(notes.timeToDetectMs).toMatch(/^measured from badDeployStarted/);
  });

  test('says that the release went undetected, not that it was never served, when both hold', () => {
    const { unknown } = measured(lacking(having(GOOD, UNDETECTED), 'mark/badServing', 'trigger/'));
    expect(unknown.timeToDetectMs).toMatch(/^triggerObserved: undetected/);
  });
});

describe('an automatic rollback that was adopted', () => {
  const own = { source: 'api', evidence: 'decided by the target' } as const;
  const adopted = having(
    lacking(GOOD, 'path/', 'call/RollBack', 'mark/rollbackStarted'),
    path('automatic', 'adopted', 27),
    mark('rollbackDecided', 24, { ...own, key: 'mark/rollbackDecided/adopted' }),
    mark('rollbackStarted', 24, own),
  );

  test('was decided and started at the time of the target, whatever was decided later', () => {
    const { marks, figures, path: used } = measured(adopted);
    expect([marks.rollbackDecided.at, marks.rollbackStarted.at]).toEqual([at(24), at(24)]);
    expect(figures).toMatchObject({ rollbackSpeedMs: 176_000, decisionTimeMs: -1_000, humanWaitMs: 0 });
    expect(used.used).toBe('automatic');
  });

  test('takes no decision time when it was the trigger itself', () => {
    const { figures } = measured(having(adopted, trigger('checkout-fails', 24)));
    expect(figures.decisionTimeMs).toBe(0);
    expect(figures.rollbackSpeedMs).toBe(figures.rehearsalTimerMs);
  });
});

describe('what users saw', () => {
  test('is zero only when the witness watched and no probe failed', () => {
    const nobody = { failed: 0, firstFailedAt: null, lastFailedAt: null, totalWhileFailing: 0 };
    const { figures } = measured(having(GOOD, probes(nobody)));
    expect(figures).toMatchObject({ userImpactMs: 0, failedProbeShare: 0 });
  });

  test('is a share of the probes between the first and the last failing one', () => {
    const { figures } = measured(having(GOOD, probes({ failed: 50, totalWhileFailing: 150 })));
    expect(figures.failedProbeShare).toBe(0.3333);
  });

  test('is no illusion when the release was gone before the control plane said done, or was never seen', () => {
    const illusion = (lastKnownBadSeenAt: string | null) =>
      measured(having(GOOD, probes({ lastKnownBadSeenAt }))).figures.illusionOfRecoveryMs;
    expect([illusion(at(189)), illusion(at(190)), illusion(null)]).toEqual([0, 0, 0]);
  });

  test('is an illusion since the control plane first said done, also when that was voided later', () => {
    const again = restored(500, { key: 'restored/2', controlPlaneDoneAt: at(450) });
    const journal = having(GOOD, voided(300), again, probes({ lastKnownBadSeenAt: at(310) }));
    expect(measured(journal).figures.illusionOfRecoveryMs).toBe(120_000);
  });
});

test.each([
  ['failed', 0.6667],
  ['unknown', 0.6667],
  ['passed', 1],
] as const)('a required validation that is %s leaves a completeness of %d', (verdict, completeness) => {
  const validations = PLAN.validations.map((planned) => ({ ...planned, required: true }));
  const journal = having(GOOD, validation('search', 218, { required: true, verdict }));
  expect(receiptFrom(journal, { ...PLAN, validations }).figures.completeness).toBe(completeness);
});

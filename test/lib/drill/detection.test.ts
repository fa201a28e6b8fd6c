import { describe, expect, test } from 'vitest';
import type { DetectionPlan } from '../../../lib/drill/detection.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import { parseCondition } from '../../../lib/drill/plan/condition.ts';
import { receiptFrom } from '../../../lib/drill/receipt.ts';
import { REHEARSED_WITHIN_DRILLS } from '../../../lib/drill/rehearsed.ts';
import { NO_RECEIPTS, seal } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { at, goodDrill, having, lacking, PLAN, restored, trigger, UNDETECTED } from './fixtures/journal.ts';

const DETECTION: DetectionPlan = {
  triggers: [
    planned('checkout-fails', 'probe', 'smoke failed 3 times running'),
    planned('error-rate', 'probe', 'errorRate > 5% for 2m'),
    planned('too-many-5xx', 'alarm', 'shop-5xx'),
    planned('login-broken', 'person', 'reported by a person'),
  ],
  knownBad: 'checkout-5xx',
  caughtBy: { 'checkout-5xx': ['checkout-fails', 'too-many-5xx'], 'login-broken': ['login-broken'] },
};

function planned(name: string, observedBy: string, condition: string) {
  return {
    name,
    observedBy,
    condition: parseCondition(condition),
    action: 'roll-back' as const,
    budgetMs: 300_000,
  };
}

function told(journal: readonly Entry[], plan: Partial<DetectionPlan> = {}) {
  return receiptFrom(journal, { ...PLAN, detection: { ...DETECTION, ...plan } });
}

function rowOf(name: string, journal: readonly Entry[], plan: Partial<DetectionPlan> = {}) {
  return told(journal, plan).detection?.find((row) => row.name === name);
}

function gapsOf(code: string, journal: readonly Entry[], plan: Partial<DetectionPlan> = {}) {
  return told(journal, plan)
    .gaps.filter((gap) => gap.code === code)
    .map(({ severity, message, evidence }) => `${severity}: ${message}: ${evidence}`);
}

function rehearsed(fired: Readonly<Record<string, number>>): Entry {
  return { kind: 'rehearsed', key: 'rehearsed', fired };
}

function probesSaw(journal: readonly Entry[], more: object): readonly Entry[] {
  return journal.map((entry) => (entry.kind === 'probes' ? { ...entry, ...more } : entry));
}

const GOOD = goodDrill();

describe('a trigger is not said to be silent', () => {
  test('when the rollback came before its window was full', () => {
    expect(rowOf('error-rate', GOOD)).toMatchObject({
      fired: null,
      at: null,
      withinBudget: null,
      reason: expect.stringContaining('window was never full'),
    });
  });

  test('when another one ended the wait', () => {
    for (const name of ['too-many-5xx', 'login-broken'])
      expect(rowOf(name, GOOD)).toMatchObject({
        fired: null,
        reason: expect.stringContaining('the wait for triggers ended'),
      });
  });

  test('when no known-bad release was deployed; then it is not said to be unrehearsed either', () => {
    const early = lacking(GOOD, 'mark/badDeployStarted', 'trigger/');
    expect(rowOf('checkout-fails', early)).toMatchObject({
      fired: null,
      reason: 'no known-bad release was deployed',
    });
    expect(gapsOf('trigger-not-rehearsed', early)).toEqual([]);
  });
});

describe('a trigger is silent', () => {
  test('when its window was full while the known-bad release was live', () => {
    const journal = probesSaw(GOOD, { judged: ['error-rate'] });
    expect(rowOf('error-rate', journal)).toMatchObject({ fired: false, timeToDetectMs: null });
  });

  test('when the drill waited for it in vain; one that should have fired is a warning', () => {
    const journal = lacking(having(GOOD, UNDETECTED), 'trigger/');
    expect(rowOf('too-many-5xx', journal)).toMatchObject({ fired: false, expected: true });
    expect(rowOf('login-broken', journal)).toMatchObject({ fired: false, expected: false });
    expect(gapsOf('trigger-silent', journal)).toEqual([
      'warning: trigger too-many-5xx should have caught this known-bad release, and stayed silent: silent for as long as the drill waited: no trigger fired within 300000 ms',
    ]);
  });
});

describe('a trigger that fired', () => {
  test('is told with its own time, how long it took, and whether all was whole within its budget', () => {
    const journal = having(GOOD, trigger('checkout-fails', 25), restored(325));
    expect(rowOf('checkout-fails', journal)).toMatchObject({
      condition: 'smoke failed 3 times running',
      expected: true,
      fired: true,
      at: at(25),
      source: 'probe',
      timeToDetectMs: 5_000,
      timerMs: 300_000,
      withinBudget: true,
    });
    expect(rowOf('checkout-fails', having(journal, restored(325.001)))).toMatchObject({
      withinBudget: false,
    });
  });

  test('counts also when it did not win, or when nobody was left to report what the probes saw', () => {
    const late = trigger('too-many-5xx', 500, { won: false, source: 'event', observedBy: 'alarm' });
    const seen = {
      name: 'error-rate',
      observedBy: 'probe',
      at: at(30),
      source: 'probe',
      evidence: 'errorRate 9 %',
      budgetMs: 1,
    };
    const journal = probesSaw([...GOOD, late], { fired: [seen] });
    expect(rowOf('too-many-5xx', journal)).toMatchObject({ fired: true, at: at(500), source: 'event' });
    expect(rowOf('too-many-5xx', journal)?.timerMs).toBeLessThan(0);
    expect(rowOf('error-rate', journal)).toMatchObject({ fired: true, at: at(30), reason: 'errorRate 9 %' });
  });
});

describe('a trigger on the pipeline', () => {
  const detection: Partial<DetectionPlan> = {
    triggers: [planned('smoke-stage-red', 'pipeline-event', 'stage Smoke failed')],
    caughtBy: { 'checkout-5xx': ['smoke-stage-red'] },
  };

  test('is not said to be silent when the probes were quicker than its smoke stage', () => {
    expect(rowOf('smoke-stage-red', GOOD, detection)).toMatchObject({
      condition: 'stage Smoke failed',
      expected: true,
      fired: null,
      reason: expect.stringContaining('the wait for triggers ended'),
    });
    expect(gapsOf('trigger-silent', GOOD, detection)).toEqual([]);
  });

  test('is silent when its stage did not go red for as long as the drill waited', () => {
    const journal = lacking(having(GOOD, UNDETECTED), 'trigger/');
    expect(rowOf('smoke-stage-red', journal, detection)).toMatchObject({ fired: false, expected: true });
    expect(gapsOf('trigger-silent', journal, detection)).toHaveLength(1);
  });

  test('fired at the time that the pipeline gives, also when it did not win', () => {
    const late = { won: false, source: 'api', observedBy: 'pipeline-event' } as const;
    const journal = [...GOOD, trigger('smoke-stage-red', 60, late)];
    expect(rowOf('smoke-stage-red', journal, detection)).toMatchObject({
      fired: true,
      at: at(60),
      source: 'api',
    });
  });
});

describe('a trigger that never fired in the last drills of the target', () => {
  test('is a notice that names the known-bad release that would make it fire, or asks for one', () => {
    expect(gapsOf('trigger-not-rehearsed', GOOD)).toEqual([
      'notice: trigger error-rate is not rehearsed: no known-bad release of the plan names it in caughtBy: add one that it should catch: it did not fire in the last 3 drills of the target',
      'notice: trigger too-many-5xx is not rehearsed: drill the known-bad release checkout-5xx, which it should catch: it did not fire in the last 3 drills of the target',
      'notice: trigger login-broken is not rehearsed: drill the known-bad release login-broken, which it should catch: it did not fire in the last 3 drills of the target',
    ]);
  });

  test('is none while one of them made it fire', () => {
    const all = { 'error-rate': 1, 'too-many-5xx': 2, 'login-broken': 2 };
    expect(gapsOf('trigger-not-rehearsed', [...GOOD, rehearsed(all)])).toEqual([]);
  });

  test('is one again when that was too many drills ago', () => {
    const numbered = (number: number) =>
      [...GOOD, rehearsed({ 'error-rate': 1, 'too-many-5xx': 1, 'login-broken': 1 })].map((entry) =>
        entry.kind === 'numbered' ? { ...entry, number } : entry,
      );
    expect(gapsOf('trigger-not-rehearsed', numbered(REHEARSED_WITHIN_DRILLS))).toEqual([]);
    expect(gapsOf('trigger-not-rehearsed', numbered(REHEARSED_WITHIN_DRILLS + 1))).toHaveLength(3);
  });
});

describe('on a sealed receipt', () => {
  test('an altered row of the table is named', () => {
    const receipt = seal(told(GOOD), NO_RECEIPTS);
    const detection = receipt.detection?.map((row) => ({ ...row, withinBudget: false }));
    expect(verify([{ ...receipt, ...(detection ? { detection } : {}) }]).map(({ part }) => part)).toContain(
      'detection',
    );
  });

  test('that is older than the table, nothing is missed', () => {
    const { detection, ...older } = told(GOOD);
    const { planned, ...triggers } = older.triggers;
    const gaps = older.gaps.filter(({ code }) => !code.startsWith('trigger-'));
    expect([detection?.length, planned?.length]).toEqual([4, 4]);
    expect(verify([seal({ ...older, triggers, gaps }, NO_RECEIPTS)])).toEqual([]);
  });
});

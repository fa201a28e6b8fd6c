import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { EXIT_CODES, OUTCOMES, type Outcome } from '../../../lib/drill/outcome.ts';
import { type PlanFacts, receiptFrom } from '../../../lib/drill/receipt.ts';
import {
  aborted,
  at,
  beforeEntry,
  fault,
  goodDrill,
  having,
  lacking,
  mark,
  NOT_RESTORED,
  OVERTAKEN,
  PLAN,
  path,
  probes,
  restored,
  takenOver,
  trigger,
  UNDETECTED,
  validation,
  voided,
} from './fixtures/journal.ts';

const GOOD = goodDrill();

function judged(journal: readonly Entry[], plan: PlanFacts = PLAN) {
  const { outcome, reasons } = receiptFrom(journal, plan);
  return { outcome, reasons };
}

type Change = (journal: readonly Entry[]) => readonly Entry[];

interface Way {
  readonly outcome: Outcome;
  readonly when: string;
  readonly change: Change;
  readonly reason: string;
  /** Proof that a dead drill does not owe. */
  readonly excusedByRescue?: true;
}

const unstable: Entry = { kind: 'unstable', key: 'unstable', at: at(400), reason: 'smoke is red at 400 s' };

/** Every way to an outcome, each by itself on a drill that went well otherwise. */
const WAYS: readonly Way[] = [
  {
    outcome: 'not-restored',
    when: 'all paths and the watchdog failed',
    change: (journal) => having(journal, NOT_RESTORED),
    reason: 'no rollback path of the plan restored the target',
  },
  {
    outcome: 'compromised',
    when: 'somebody else deployed',
    change: (journal) => having(journal, OVERTAKEN),
    reason: 'the service runs shop:9',
  },
  {
    outcome: 'aborted',
    when: 'a person stopped it',
    change: (journal) => having(journal, aborted(30)),
    reason: 'checkout of a customer hurts',
  },
  {
    outcome: 'failed',
    when: 'the release went undetected',
    change: (journal) => lacking(having(journal, UNDETECTED), 'trigger/'),
    reason: 'no trigger fired within 300000 ms',
  },
  {
    outcome: 'failed',
    when: 'the healthy release was red in the quiet period',
    change: (journal) => having(journal, unstable),
    reason: 'smoke is red at 400 s',
  },
  {
    outcome: 'failed',
    when: 'the known-bad release could not be deployed',
    change: (journal) => having(journal, fault('DeployKnownBad')),
    reason: 'DeployKnownBad broke: Lambda.Unknown: it crashed',
  },
  {
    outcome: 'failed',
    when: 'a required validation failed',
    change: (journal) =>
      having(journal, validation('checkout', 220, { verdict: 'failed', reason: 'status 500, expected 201' })),
    reason: 'validation checkout failed: status 500, expected 201',
  },
  {
    outcome: 'failed',
    when: 'the budget of the winning trigger was exceeded',
    change: (journal) =>
      journal.map((entry) =>
        entry.kind === 'trigger' ? { ...entry, trigger: { ...entry.trigger, budgetMs: 174_999 } } : entry,
      ),
    reason: 'rehearsal timer 175000 ms > budget 174999 ms of trigger checkout-fails',
  },
  {
    outcome: 'inconclusive',
    when: 'a required validation is unknown',
    change: (journal) => lacking(journal, 'validation/login'),
    reason: 'validation login is unknown: it did not run to its end',
  },
  {
    outcome: 'inconclusive',
    when: 'the witness left no probes',
    change: (journal) => having(journal, probes({ total: 0 })),
    reason: 'userImpactMs is unknown: the witness left no probes',
    excusedByRescue: true,
  },
  {
    outcome: 'inconclusive',
    when: 'the quiet period was not watched to its end',
    change: (journal) => lacking(journal, 'all-clear'),
    reason: 'the quiet period is not known to be quiet: never-cleared',
    excusedByRescue: true,
  },
  {
    outcome: 'inconclusive',
    when: 'nobody knows when it was decided',
    change: (journal) => lacking(journal, 'mark/rollbackDecided'),
    reason: 'rollbackSpeedMs is unknown: rollbackDecided: never-decided',
    excusedByRescue: true,
  },
  {
    outcome: 'inconclusive',
    when: 'no rollback of the drill is known to have restored it',
    change: (journal) => lacking(journal, 'mark/rollbackStarted', 'path/ecs-stop'),
    reason: 'no rollback is known to have restored the target: never-started',
    excusedByRescue: true,
  },
  {
    outcome: 'inconclusive',
    when: 'a state broke',
    change: (journal) => having(journal, fault('Stabilise')),
    reason: 'Stabilise broke: Lambda.Unknown: it crashed',
    excusedByRescue: true,
  },
  {
    outcome: 'rescued',
    when: 'an applicable path failed before',
    change: (journal) =>
      beforeEntry(
        journal,
        'step/RollBack',
        path('ecs-previous-task-definition', 'failed', 25.35, 'not restored within 600 s'),
      ),
    reason: 'path ecs-previous-task-definition failed: not restored within 600 s',
  },
  {
    outcome: 'rescued',
    when: 'the watchdog restored it',
    change: (journal) => having(journal, takenOver(100)),
    reason: 'restored by the watchdog: the execution ended without a seal',
  },
];

describe('does not call a drill passed', () => {
  test.each(WAYS)('when $when: $outcome', ({ change, outcome, reason }) => {
    const found = judged(change(GOOD));
    expect(found.outcome).toBe(outcome);
    expect(found.reasons).toContainEqual(expect.stringContaining(reason));
  });

  test('when the restoration was never confirmed: nobody can show that the target is off the bad release', () => {
    expect(judged(lacking(GOOD, 'restored'))).toEqual({
      outcome: 'not-restored',
      reasons: [expect.stringContaining('it cannot be shown that the target is off the known-bad release')],
    });
  });

  test('when the bad release was seen after the restoration', () => {
    expect(judged(having(GOOD, voided(300))).outcome).toBe('not-restored');
    expect(judged(having(GOOD, probes({ lastKnownBadSeenAt: at(201) }))).outcome).toBe('not-restored');
  });

  test('by validations of a restoration that was voided', () => {
    const again = having(GOOD, voided(300), restored(310, { key: 'restored/2' }));
    expect(
      judged(having(again, { kind: 'all-clear', key: 'all-clear/2', at: at(1200), reason: 'green' })),
    ).toEqual({
      outcome: 'inconclusive',
      reasons: ['checkout', 'login'].map(
        (name) => `validation ${name} is unknown: it did not run to its end`,
      ),
    });
  });

  test('when the plan requires no validation', () => {
    const plan = { ...PLAN, validations: [] };
    expect(judged(GOOD, plan)).toEqual({
      outcome: 'inconclusive',
      reasons: ['completeness is unknown: the plan requires no validation'],
    });
  });

  test('when no trigger is known to have fired, though nobody called it undetected', () => {
    expect(judged(lacking(GOOD, 'trigger/')).reasons).toEqual([
      expect.stringContaining('rehearsalTimerMs is unknown: triggerObserved: not-awaited'),
    ]);
  });

  test.each([
    ['critical', 300_000],
    ['standard', 900_000],
  ] as const)('when a %s target took 1 ms longer than %d ms from the decision', (tier, targetMs) => {
    const generous = having(GOOD, trigger('checkout-fails', 25, { budgetMs: 3_600_000 }));
    const decided = 200 - targetMs / 1000;
    const within = having(lacking(generous, 'mark/badDeployStarted'), mark('rollbackDecided', decided));
    const beyond = having(within, mark('rollbackDecided', decided - 0.001));
    expect(judged(within, { ...PLAN, tier }).outcome).toBe('passed');
    expect(judged(beyond, { ...PLAN, tier })).toEqual({
      outcome: 'failed',
      reasons: [`rollback speed ${targetMs + 1} ms > target ${targetMs} ms of tier ${tier}`],
    });
  });
});

describe('when several outcomes hold, the first of the list wins', () => {
  const pairs = WAYS.flatMap((first) =>
    WAYS.filter((second) => OUTCOMES.indexOf(first.outcome) < OUTCOMES.indexOf(second.outcome))
      .filter((second) => !(first.excusedByRescue && second.when === 'the watchdog restored it'))
      .map((second) => ({ first, second })),
  );

  test.each(pairs)(
    '$first.outcome ($first.when) over $second.outcome ($second.when)',
    ({ first, second }) => {
      for (const journal of [second.change(first.change(GOOD)), first.change(second.change(GOOD))]) {
        const found = judged(journal);
        expect(found.outcome).toBe(first.outcome);
        expect(found.reasons).toContainEqual(expect.stringContaining(first.reason));
      }
    },
  );

  test('however many hold', () => {
    const unexcused = WAYS.filter(({ excusedByRescue }) => !excusedByRescue);
    fc.assert(
      fc.property(fc.shuffledSubarray([...unexcused], { minLength: 1 }), (ways) => {
        const first = OUTCOMES.find((outcome) => ways.some((way) => way.outcome === outcome));
        const journal = ways.reduce((before, { change }) => change(before), GOOD);
        expect(judged(journal).outcome).toBe(first);
      }),
    );
  });
});

describe('a drill that died', () => {
  test.each(WAYS.filter(({ excusedByRescue }) => excusedByRescue))(
    'before it was restored is rescued if whole, also when $when',
    ({ change }) => expect(judged(change(having(GOOD, takenOver(100)))).outcome).toBe('rescued'),
  );

  test.each(WAYS.filter(({ outcome }) => outcome === 'inconclusive'))(
    'after it was restored is not excused when $when',
    ({ change }) => expect(judged(change(having(GOOD, takenOver(1000)))).outcome).toBe('inconclusive'),
  );

  test('after it was restored is judged by the facts like any other', () => {
    expect(judged(having(GOOD, takenOver(1121.5))).outcome).toBe('passed');
  });

  test('at the very moment of the restoration was restored by the watchdog', () => {
    expect(judged(having(GOOD, takenOver(200))).outcome).toBe('rescued');
    expect(judged(having(GOOD, takenOver(200.001))).outcome).toBe('passed');
  });

  test('before the known-bad release took effect is aborted, and needs no restoration when nothing was called', () => {
    const untouched = lacking(
      GOOD,
      'call/',
      'known-bad',
      'mark/',
      'trigger/',
      'path/',
      'restored',
      'validation/',
    );
    expect(judged(having(untouched, aborted(12))).outcome).toBe('aborted');
    const called = beforeEntry(untouched, 'step/AwaitTrigger', ...GOOD.filter(({ kind }) => kind === 'call'));
    expect(judged(having(called, aborted(12))).outcome).toBe('not-restored');
  });
});

test('a stranger’s release is not called not-restored: the newest human intent stands', () => {
  expect(judged(lacking(having(GOOD, OVERTAKEN), 'restored')).outcome).toBe('compromised');
});

test('a path that was not applicable does not make a drill rescued', () => {
  const skipped = beforeEntry(
    GOOD,
    'step/RollBack',
    path('ecs-previous-task-definition', 'not-applicable', 25.3),
  );
  expect(judged(skipped).outcome).toBe('passed');
});

test('a validation that is not required decides nothing', () => {
  expect(judged(having(GOOD, validation('search', 218, { verdict: 'failed' }))).outcome).toBe('passed');
  expect(judged(lacking(GOOD, 'validation/search')).outcome).toBe('passed');
});

test('a drill that passed cites its measurements', () => {
  expect(judged(GOOD)).toEqual({
    outcome: 'passed',
    reasons: [
      `restored at ${at(200)}: rollback speed 174800 ms ≤ target 900000 ms of tier standard`,
      'rehearsal timer 175000 ms ≤ budget 300000 ms of trigger checkout-fails',
      '3 of 3 validations passed, completeness 1',
    ],
  });
});

test('every outcome has its own exit code, and only passed has 0', () => {
  expect(EXIT_CODES).toEqual({
    refused: 21,
    'not-restored': 23,
    compromised: 25,
    aborted: 24,
    failed: 20,
    inconclusive: 26,
    rescued: 22,
    passed: 0,
  });
  expect(Object.keys(EXIT_CODES)).toEqual(OUTCOMES);
});

import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../../lib/drill/entry.ts';
import { type PlanFacts, receiptFrom } from '../../../../lib/drill/receipt.ts';
import {
  at,
  beforeEntry,
  call,
  goodDrill,
  having,
  lacking,
  mark,
  PLAN,
  probes,
  restored,
  takenOver,
  UNDETECTED,
  voided,
} from '../fixtures/journal.ts';

const TIMELINE = { name: 'timeline', kind: 'timeline', required: true } as const;
const GOOD = goodDrill();

function judged(journal: readonly Entry[], changes: Partial<PlanFacts> = {}) {
  const plan = { ...PLAN, validations: [...PLAN.validations, TIMELINE], ...changes };
  return receiptFrom(journal, plan).validations.at(-1);
}

describe('a hole', () => {
  test.each<[what: string, journal: readonly Entry[], reason: string]>([
    [
      'a decision that nobody made',
      lacking(GOOD, 'mark/rollbackDecided'),
      'mark rollbackDecided is missing: never-decided: the drill ended before a decision',
    ],
    [
      'a rollback that nobody started',
      lacking(GOOD, 'mark/rollbackStarted'),
      'mark rollbackStarted is missing: never-started: no rollback call was accepted',
    ],
    [
      'a trigger that was not awaited to its end',
      lacking(GOOD, 'trigger/'),
      'mark triggerObserved is missing: not-awaited: the wait for a trigger ended before one fired',
    ],
    [
      'a quiet period that nobody watched',
      lacking(GOOD, 'all-clear'),
      'mark allClear is missing: never-cleared: the quiet period was not watched to its end',
    ],
    [
      'validations that did not end',
      lacking(GOOD, 'validation/'),
      'mark validated is missing: never-validated: no validation ran to its end',
    ],
    [
      'a mark that stands before the one that it follows',
      having(GOOD, mark('rollbackStarted', 12)),
      `rollbackStarted (${at(12)}) is before rollbackDecided (${at(25.2)})`,
    ],
    ['a state that was not visited', lacking(GOOD, 'step/RollBack'), 'state RollBack was not visited'],
    [
      'a call whose answer nobody recorded',
      beforeEntry(GOOD, 'step/Stabilise', call('RollBack/ecs-previous-task-definition', 220.5)),
      'the call of RollBack/ecs-previous-task-definition was announced, and its answer is not recorded',
    ],
    [
      'a witness that was silent',
      having(GOOD, probes({ longestSilenceMs: 10_001 })),
      'the longest silence of the witness was 10001 ms > 10000 ms',
    ],
  ])('%s fails', (_, journal, reason) => {
    expect(judged(journal)).toMatchObject({ verdict: 'failed', reason });
  });

  test('a silence is measured by how the plan probes', () => {
    const silent = having(GOOD, probes({ longestSilenceMs: 70_000 }));
    expect(judged(silent, { probing: { intervalMs: 10_000, timeoutMs: 30_000 } })).toMatchObject({
      verdict: 'failed',
      reason: 'the longest silence of the witness was 70000 ms > 50000 ms',
    });
    expect(judged(silent, { probing: { intervalMs: 20_000, timeoutMs: 30_000 } })?.verdict).toBe('passed');
  });
});

describe('what is not known does not pass', () => {
  test('no probes', () => {
    const unwitnessed = having(GOOD, probes({ longestSilenceMs: null, lastKnownBadSeenAt: null }));
    for (const journal of [lacking(GOOD, 'probes'), unwitnessed])
      expect(judged(journal)).toMatchObject({ verdict: 'unknown', reason: 'the witness left no probes' });
  });

  test('no restoration', () => {
    expect(judged(having(GOOD, voided(300)))).toMatchObject({
      verdict: 'unknown',
      reason: 'there is no timeline to judge: the known-bad release was seen after it was gone',
    });
  });
});

test('a timeline without holes passes, whatever else is recorded under its name', () => {
  const forged: Entry = {
    kind: 'validation',
    key: 'validation/timeline',
    validated: { ...TIMELINE, verdict: 'failed', reason: 'x', evidence: [], startedAt: null, endedAt: null },
  };
  expect(judged(having(GOOD, forged))).toMatchObject({
    verdict: 'passed',
    reason:
      '10 marks in order; 13 states; every call answered; the longest silence of the witness was 1050 ms ≤ 10000 ms',
    startedAt: at(1123),
    endedAt: at(1123),
  });
});

test('what cannot exist is no hole', () => {
  const unseen = restored(200, { stableFirstSeenAt: null });
  for (const journal of [
    lacking(GOOD, 'mark/badServing'),
    having(lacking(GOOD, 'trigger/'), UNDETECTED),
    having(GOOD, unseen),
    having(lacking(GOOD, 'all-clear'), { kind: 'unstable', key: 'unstable', at: at(900), reason: 'red' }),
  ])
    expect(judged(journal)?.verdict).toBe('passed');
  expect(judged(lacking(GOOD, 'validation/', 'step/Validate'), { validations: [TIMELINE] })?.verdict).toBe(
    'passed',
  );
});

test('from where the watchdog has taken over, states need not be visited, but no mark may be missing', () => {
  const died = lacking(GOOD, 'step/RollBack', 'step/AwaitRestored', 'step/SealReceipt');
  const taken = beforeEntry(died, 'call/RollBack', takenOver(25.3));
  expect(judged(taken)?.verdict).toBe('passed');
  expect(judged(lacking(taken, 'all-clear'))?.verdict).toBe('failed');
  expect(judged(lacking(taken, 'step/AwaitTrigger'))).toMatchObject({
    verdict: 'failed',
    reason: 'state AwaitTrigger was not visited',
  });
});

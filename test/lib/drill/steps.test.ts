import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { receiptFrom } from '../../../lib/drill/receipt.ts';
import { stepsFrom } from '../../../lib/drill/steps.ts';
import {
  at,
  beforeEntry,
  fault,
  goodDrill,
  having,
  lacking,
  PLAN,
  restored,
  step,
  trigger,
} from './fixtures/journal.ts';

const GOOD = goodDrill();

function dominant(journal: readonly Entry[]) {
  return receiptFrom(journal, PLAN).dominantStep;
}

describe('the dominant step', () => {
  test.each<[string, readonly Entry[]]>([
    ['the drill was not restored', lacking(GOOD, 'restored')],
    ['no trigger was observed', lacking(GOOD, 'trigger/')],
    ['the target was whole before the trigger was observed', having(GOOD, trigger('checkout-fails', 201))],
    ['no step was recorded', lacking(GOOD, 'step/')],
  ])('does not exist when %s', (_, journal) => expect(dominant(journal)).toBeNull());

  test('is the one with the largest share between trigger and restoration, not the longest of the drill', () => {
    expect(dominant(GOOD)).toEqual({ name: 'AwaitRestored', share: 0.9937 });
    expect(stepsFrom(GOOD).find(({ name }) => name === 'Stabilise')).toMatchObject({ endedAt: at(1122) });
  });

  test('counts all visits of a state together', () => {
    const visits: [Parameters<typeof step>[0], number][] = [
      ['RollBack', 60],
      ['AwaitRestored', 70],
      ['RollBack', 90],
      ['AwaitRestored', 170],
    ];
    const journal = having(
      lacking(GOOD, 'step/RollBack', 'step/AwaitRestored'),
      restored(200),
      ...visits.map(([name, seconds]) => step(name, seconds)),
    );
    // DecideRollback 25.1–60, RollBack 60–70 and 90–170, AwaitRestored 70–90 and 170–200.
    expect(dominant(journal)).toEqual({ name: 'RollBack', share: 0.5143 });
  });
});

describe('the steps of a receipt', () => {
  test('do not hide a retry: its visit counts once, with all its attempts', () => {
    const steps = stepsFrom(beforeEntry(GOOD, 'step/AwaitTrigger', step('DeployKnownBad', 12, 3)));
    expect(steps.filter(({ name }) => name === 'DeployKnownBad')).toEqual([
      { name: 'DeployKnownBad', startedAt: at(12), endedAt: at(13.5), status: 'done', attempts: 3 },
    ]);
  });

  test.each([
    ['a later', [fault('RollBack'), step('RollBack', 100)], ['faulted', 'done']],
    ['an earlier', [step('RollBack', 100), fault('RollBack')], ['done', 'faulted']],
  ] as const)('do not blame %s visit for the fault of another', (_, entries, statuses) => {
    const visits = stepsFrom(beforeEntry(GOOD, 'step/Validate', ...entries));
    expect(visits.filter(({ name }) => name === 'RollBack').map(({ status }) => status)).toEqual(statuses);
  });

  test('last until the next one is entered, and the last one until the drill was closed', () => {
    const steps = stepsFrom(GOOD);
    expect(steps.slice(0, -1).map(({ endedAt }) => endedAt)).toEqual(
      steps.slice(1).map(({ startedAt }) => startedAt),
    );
    expect(steps.at(-1)).toMatchObject({ name: 'SealReceipt', endedAt: at(1123) });
    expect(stepsFrom(lacking(GOOD, 'closing')).at(-1)).toMatchObject({ endedAt: at(1122) });
  });
});

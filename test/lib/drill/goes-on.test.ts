import { expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { goesOnUntil } from '../../../lib/drill/goes-on.ts';
import { planWith } from '../../fixtures/plan.ts';
import { at, ms, step } from './fixtures/journal.ts';

const PLAN = planWith();
const RESTORED: Entry = {
  kind: 'restored',
  key: 'restored',
  at: at(30),
  source: 'probe',
  controlPlaneDoneAt: at(29),
  firstGreenAt: at(30),
  greens: 3,
  stableFirstSeenAt: at(28),
};
const VOIDED: Entry = { kind: 'restored-voided', key: 'voided', at: at(50), reason: 'seen again' };

test.each([
  ['nothing was restored', [step('AwaitRestored', 20)]],
  ['the restoration was voided', [RESTORED, step('Stabilise', 40), VOIDED]],
  ['nobody knows where it is', [RESTORED]],
])('a drill is not left alone when %s', (_, journal) => {
  expect(goesOnUntil(journal, PLAN, ms(60))).toBeNull();
});

test('nor when its state has taken longer than its limit', () => {
  const journal = [RESTORED, step('Stabilise', 40)];
  expect(goesOnUntil(journal, PLAN, ms(40 + 60 + 119))).toEqual({
    until: at(40 + 60 + 120),
    reason: `the target is restored, and Stabilise has until ${at(220)}`,
  });
  expect(goesOnUntil(journal, PLAN, ms(40 + 60 + 120))).toBeNull();
});

test('validations have the time of the longest one', () => {
  const longest = Math.max(...PLAN.validations.map(({ timeoutMs }) => timeoutMs)) / 1_000;
  expect(goesOnUntil([RESTORED, step('Validate', 40)], PLAN, ms(41))?.until).toBe(at(40 + longest + 120));
});

test('a person who holds the rollback is waited for, with time to act on the answer', () => {
  const asked: Entry = { kind: 'decision-asked', key: 'asked', at: at(10), until: at(130) } as Entry;
  expect(goesOnUntil([step('AwaitDecision', 10), asked], PLAN, ms(240))).toMatchObject({ until: at(250) });
  expect(goesOnUntil([step('AwaitDecision', 10), asked], PLAN, ms(250))).toBeNull();
});

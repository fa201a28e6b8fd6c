import { describe, expect, test } from 'vitest';
import { MARKS, type MarkName } from '../../../lib/drill/clock.ts';
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
  UNDETECTED,
  validation,
  voided,
} from './fixtures/journal.ts';

const GOOD = goodDrill();
const UNSTABLE: Entry = { kind: 'unstable', key: 'unstable', at: at(400), reason: 'smoke is red' };

function marks(journal: readonly Entry[]) {
  return receiptFrom(journal, PLAN).marks;
}

describe('a mark that cannot exist says why', () => {
  test.each<[MarkName, string, readonly Entry[]]>([
    ['approved', 'not-required: the plan asks for no approval', GOOD],
    ['badDeployStarted', 'never-deployed: no deploy call was accepted', lacking(GOOD, 'mark/')],
    ['badServing', 'never-deployed: no deploy call was accepted', lacking(GOOD, 'mark/')],
    ['badServing', 'never-served: no probe saw the known-bad', lacking(GOOD, 'mark/badServing')],
    ['badServing', 'not-witnessed: the witness left', lacking(GOOD, 'mark/badServing', 'probes')],
    ['triggerObserved', 'never-deployed: no deploy call', lacking(GOOD, 'mark/', 'trigger/')],
    ['triggerObserved', 'undetected: no trigger fired', lacking(having(GOOD, UNDETECTED), 'trigger/')],
    ['triggerObserved', 'not-awaited: the wait for a trigger ended', lacking(GOOD, 'trigger/')],
    ['rollbackDecided', 'never-decided', lacking(GOOD, 'mark/rollbackDecided')],
    ['rollbackStarted', 'never-started: no rollback call', lacking(GOOD, 'mark/rollbackStarted')],
    ['stableFirstSeen', 'never-restored', lacking(GOOD, 'restored')],
    ['stableFirstSeen', 'never-unhealthy', having(GOOD, restored(200, { stableFirstSeenAt: null }))],
    ['stableFirstSeen', 'interrupted: a probe failed', having(GOOD, probes({ lastFailedAt: at(195.5) }))],
    ['restored', 'never-restored', lacking(GOOD, 'restored')],
    ['restored', 'the known-bad release was seen after it was gone', having(GOOD, voided(300))],
    ['validated', 'never-validated', lacking(GOOD, 'validation/')],
    ['validated', 'never-validated', having(GOOD, voided(300), restored(500, { key: 'restored/2' }))],
    ['allClear', 'never-cleared: the quiet period was not watched', lacking(GOOD, 'all-clear')],
    ['allClear', 'unstable: smoke is red', lacking(having(GOOD, UNSTABLE), 'all-clear')],
    ['allClear', 'never-cleared', having(GOOD, voided(1121.5))],
  ])('%s: %s', (name, reason, journal) => {
    const mark = marks(journal)[name];
    expect(mark.at).toBeNull();
    expect(mark).toMatchObject({ reason: expect.stringContaining(reason) });
  });
});

describe('a restoration does not stand', () => {
  test('when the known-bad release was seen after it, though nobody was left to void it', () => {
    const { restored: mark } = marks(having(GOOD, probes({ lastKnownBadSeenAt: at(200.001) })));
    expect(mark).toEqual({
      at: null,
      reason: `voided: the known-bad release was seen at ${at(200.001)}, after the target was restored at ${at(200)}`,
    });
  });

  test('but it does when the last sight of that release was no later than it', () => {
    expect(marks(having(GOOD, probes({ lastKnownBadSeenAt: at(200) }))).restored.at).toBe(at(200));
  });

  test('by what was proven before it: a second one needs its own validations and its own all-clear', () => {
    const again = having(GOOD, voided(1121.5), restored(1300, { key: 'restored/2' }));
    expect(marks(again)).toMatchObject({
      restored: { at: at(1300) },
      validated: { at: null },
      allClear: { at: null },
    });
    const proven = having(again, { ...validation('checkout', 1320), key: 'validation/2/checkout' });
    expect(marks(proven).validated.at).toBe(at(1320));
  });
});

test('every other mark has its time, its source and its evidence', () => {
  const found = marks(GOOD);
  expect(MARKS.filter((name) => found[name].at === null)).toEqual(['approved']);
  expect(found.restored).toEqual({
    at: at(200),
    source: 'probe',
    evidence: `later of control plane uniform ${at(190)} and first of 6 greens ${at(200)}`,
  });
  expect(found.validated).toEqual({ at: at(220), source: 'orchestrator', evidence: '3 validations ended' });
  expect(found.triggerObserved).toMatchObject({ at: at(25), source: 'probe' });
});

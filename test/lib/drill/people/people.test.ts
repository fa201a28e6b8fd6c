import { expect, test } from 'vitest';
import { marksOutOfOrder } from '../../../../lib/drill/clock.ts';
import type { Entry } from '../../../../lib/drill/entry.ts';
import { triggerToCallMs } from '../../../../lib/drill/figures.ts';
import { peopleFrom } from '../../../../lib/drill/people/people.ts';
import { receiptFrom } from '../../../../lib/drill/receipt.ts';
import { NO_RECEIPTS, seal } from '../../../../lib/drill/seal.ts';
import { verify } from '../../../../lib/drill/verify.ts';
import { aborted, at, beforeEntry, goodDrill, having, mark, PLAN, trigger } from '../fixtures/journal.ts';

const [DIGEST, REVISION] = ['sha256:feed', 'rev-4'];

test('what the product did by itself is nobody’s part', () => {
  const watchdog = { ...aborted(30), by: 'watchdog' } as Entry;
  const stopped = { ...aborted(30), key: 'aborted/2', by: 'stop condition maximumBadFor' } as Entry;
  expect(peopleFrom(having(goodDrill(), watchdog, stopped))).toEqual([]);
});

test('tells who did what, in the order of time', () => {
  expect(peopleFrom(drillOfPeople())).toMatchObject([
    { by: 'user/ana', did: 'started', at: at(0) },
    { by: 'user/ana', did: 'tried to approve', reason: 'user/ana has started the drill' },
    { by: 'user/bob', did: 'approved', at: at(6) },
    { by: 'sso/carol@example.com', did: 'approved', at: at(7) },
    { by: 'user/dave', did: 'reported a trigger', at: at(25), reason: 'complaints: 40 calls' },
    { by: 'user/dave', did: 'held', at: at(26) },
    { by: 'user/bob', did: 'confirmed', at: at(40) },
  ]);
});

test('the receipt names the approvals, and measures what waited for people', () => {
  const receipt = receiptFrom(drillOfPeople(), PLAN);
  expect(receipt.approvals).toEqual([
    { by: 'user/bob', at: at(6) },
    { by: 'sso/carol@example.com', at: at(7) },
  ]);
  expect(receipt.marks.approved).toMatchObject({ at: at(7), source: 'person' });
  expect(receipt.marks.rollbackDecided).toMatchObject({ at: at(40), source: 'person' });
  expect(receipt.figures).toMatchObject({ decisionTimeMs: 15_000, humanWaitMs: 14_800 });
  expect(marksOutOfOrder(receipt.marks)).toEqual([]);
  expect(verify([seal(receipt, NO_RECEIPTS)])).toEqual([]);
});

test('what waited for people is not the drill’s own part of the way from trigger to rollback call', () => {
  const { marks, path, humanWaitMs } = receiptFrom(drillOfPeople(), PLAN);
  expect(triggerToCallMs(marks, path.used, humanWaitMs)).toBe(16_000 - 14_800);
});

test('a rollback that the target decided before anybody was asked waited for nobody', () => {
  const adopted = mark('rollbackDecided', 24, { key: 'mark/rollbackDecided/adopted', source: 'api' });
  expect(receiptFrom(having(drillOfPeople(), adopted), PLAN).figures.humanWaitMs).toBe(0);
});

test('a drill that was not approved has no such mark, and says why', () => {
  const asked = beforeEntry(goodDrill(), 'numbered', ...APPROVALS.slice(0, 2));
  expect(receiptFrom(asked, PLAN).marks.approved).toEqual({
    at: null,
    reason: 'not-approved: the drill ended before enough people had approved it',
  });
});

const APPROVALS: readonly Entry[] = [
  {
    kind: 'approval-asked',
    key: 'approval-asked',
    at: at(5),
    until: at(1805),
    people: 2,
    digest: DIGEST,
    revision: REVISION,
  },
  approval('user/ana', 5.5, 'refused', 'user/ana has started the drill'),
  approval('user/bob', 6, 'approved', 'for plan and revision'),
  approval('sso/carol@example.com', 7, 'approved', 'for plan and revision'),
  mark('approved', 7, { source: 'person' }),
];

function drillOfPeople(): readonly Entry[] {
  const approved = beforeEntry(goodDrill(), 'numbered', ...APPROVALS);
  const opened = approved[0] as Extract<Entry, { kind: 'opened' }>;
  const reported = trigger('complaints', 25, { source: 'person', by: 'user/dave', evidence: '40 calls' });
  const decided = beforeEntry(
    approved.with(0, { ...opened, startedBy: 'user/ana' }),
    'mark/rollbackDecided',
    { kind: 'decision-asked', key: 'decision-asked', at: at(25.2), until: at(145), reason: 'complaints' },
    decision('hold', 26, 'user/dave'),
    decision('roll-back', 40, 'user/bob'),
  );
  return having(
    decided.map((entry) => (entry.kind === 'trigger' ? reported : entry)),
    mark('rollbackDecided', 40, { source: 'person' }),
    mark('rollbackStarted', 41),
  );
}

function approval(by: string, seconds: number, verdict: 'approved' | 'refused', reason: string): Entry {
  const arn = `arn of ${by}`;
  const key = `approval/${verdict}/${by}`;
  return {
    kind: 'approval',
    key,
    verdict,
    by,
    arn,
    at: at(seconds),
    digest: DIGEST,
    revision: REVISION,
    reason,
  };
}

function decision(verdict: 'hold' | 'roll-back', seconds: number, by: string): Entry {
  const until = verdict === 'hold' ? at(600) : null;
  const key = `decision/${seconds}`;
  return {
    kind: 'decision',
    key,
    verdict,
    by,
    arn: `arn of ${by}`,
    at: at(seconds),
    until,
    reason: 'it hurts',
  };
}

import { describe, expect, test } from 'vitest';
import { iso } from '../../lib/drill/clock.ts';
import { triggerToCallMs } from '../../lib/drill/figures.ts';
import { entriesOf, lastOf } from '../../lib/drill/journal.ts';
import type { Word } from '../../lib/drill/people/decision.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { verify } from '../../lib/drill/verify.ts';
import { approve } from '../../lib/steps/approve.ts';
import { decide } from '../../lib/steps/decide.ts';
import { caller, identity } from '../fixtures/people.ts';
import { planWith } from '../fixtures/plan.ts';
import { DRILL_ID } from '../fixtures/rig.ts';
import { type Aftermath, type Circumstances, drillWith, type Mishap, QUICK } from './crashing-drill.ts';

const PLAN = planWith(
  ...QUICK.slice(0, 2),
  ['stabilise: 60s', 'stabilise: 5s\nguardrails:\n  approvals: {people: 2, within: 1m}'],
  ['rollback:\n', 'rollback:\n  confirm: {within: 10s}\n  hold: {upTo: 40s}\n'],
);
/** From the trigger to the rollback call, without waiting for people. */
const OWN_PART_MS = 1_000;
/** Step Functions waits for whole seconds. */
const OVERDUE_MS = 1_500;

const CURED: readonly Mishap[] = ['fails', 'answer-lost', 'killed'];

type People = NonNullable<Circumstances['people']>;

/** Two approve, one of them holds the rollback once, and then the other one wants it. Whoever gets no answer tries again. */
const doTheirPart: People = async (rig, ends, run) => {
  while (!ends.aborted) {
    const journal = await rig.drill().then(
      (drill) => drill.journal,
      () => [],
    );
    const isApproved = entriesOf(journal, 'mark').some(({ mark }) => mark === 'approved');
    if (lastOf(journal, 'approval-asked') && !isApproved)
      for (const name of ['bob', 'carol'])
        await run((ports) => approve(ports, DRILL_ID, { by: caller(name) })).catch(() => {});
    if (lastOf(journal, 'decision-asked')) {
      const held = entriesOf(journal, 'decision').length > 0;
      const word = held ? { kind: 'roll-back' as const } : { kind: 'hold' as const, forMs: 15_000 };
      await run((ports) => decide(ports, DRILL_ID, { by: identity('bob'), word, reason: 'x' })).catch(
        () => {},
      );
    }
    await rig.clock.sleep(2_000, ends);
  }
};

const saysNothing: People = async () => {};

/** One person says it, some seconds after being asked. */
const saysOnce =
  (word: Word): People =>
  async (rig, ends, run) => {
    while (!ends.aborted) {
      await rig.clock.sleep(2_500, ends);
      const asked = await rig.drill().then(
        ({ journal }) => lastOf(journal, 'decision-asked'),
        () => undefined,
      );
      if (!asked) continue;
      await run((ports) => decide(ports, DRILL_ID, { by: identity('bob'), word, reason: 'x' }));
      return;
    }
  };

test('a drill that people approve, hold and confirm passes', async () => {
  const { ending, outcome, rig } = await drillWith([], { plan: PLAN, people: doTheirPart });
  expect({ ending, outcome, effects: rig.service.effects }).toEqual({
    ending: 'SUCCEEDED',
    outcome: 'passed',
    effects: ['deploy', 'ecs-stop-deployment'],
  });
  const receipt = await sealed(rig);
  expect(receipt.people.map(({ by, did }) => `${by} ${did}`)).toEqual([
    'user/ana started',
    'user/bob approved',
    'user/carol approved',
    'user/bob held',
    'user/bob confirmed',
  ]);
  expect(receipt.figures.humanWaitMs).toBeGreaterThan(1_000);
});

test('a drill that nobody approves is refused after the time that the plan gives, and touches nothing', async () => {
  const { ending, outcome, rig } = await drillWith([], { plan: PLAN, people: saysNothing });
  expect({ ending, outcome, effects: rig.service.effects }).toEqual({
    ending: 'SUCCEEDED',
    outcome: 'refused',
    effects: [],
  });
  expect((await rig.stores.receipts.find(DRILL_ID))?.reasons).toEqual([
    'approval: 0 of 2 approvals within 1m',
  ]);
});

describe('what waits for people is told apart from what the drill takes itself:', () => {
  const plan = planWith(...QUICK, [
    'rollback:\n',
    'rollback:\n  confirm: {within: 10s}\n  hold: {upTo: 25s}\n',
  ]);

  test('a question that nobody answers is answered by the rollback', async () => {
    const { marks, waitedMs, ownMs } = await measured(saysNothing);
    expect(marks.rollbackDecided).toMatchObject({
      source: 'orchestrator',
      evidence: 'nobody decided within 10s',
    });
    expect(waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(waitedMs).toBeLessThan(10_000 + OVERDUE_MS);
    expect(ownMs).toBeLessThan(OWN_PART_MS);
  });

  test('a hold runs out, and then it rolls back', async () => {
    const { marks, asked, waitedMs, ownMs } = await measured(saysOnce({ kind: 'hold', forMs: null }));
    const until = Date.parse(asked.at) + 25_000;
    expect(marks.rollbackDecided).toMatchObject({
      source: 'orchestrator',
      evidence: `held by user/bob until ${iso(until)}, and nobody decided otherwise`,
    });
    expect(waitedMs).toBeGreaterThanOrEqual(25_000);
    expect(waitedMs).toBeLessThan(25_000 + OVERDUE_MS);
    expect(ownMs).toBeLessThan(OWN_PART_MS);
  });

  test('the rollback that a person wants is decided when the person says so', async () => {
    const { marks, asked, said, waitedMs, ownMs } = await measured(saysOnce({ kind: 'roll-back' }));
    expect(marks.rollbackDecided).toMatchObject({ at: said?.at, source: 'person' });
    expect(waitedMs).toBe(Date.parse(said?.at ?? '') - Date.parse(asked.at));
    expect(waitedMs).toBeGreaterThan(1_000);
    expect(ownMs).toBeLessThan(OWN_PART_MS);
  });

  /** `ownMs` is from the trigger to the rollback call, without the wait for people. */
  async function measured(people: People) {
    const { outcome, rig } = await drillWith([], { plan, people });
    expect(outcome).toBe('passed');
    const [{ marks, path, figures }, { journal }] = [await sealed(rig), await rig.drill()];
    const asked = lastOf(journal, 'decision-asked');
    if (!asked) throw new Error('nobody was asked');
    const { humanWaitMs: waitedMs, decisionTimeMs } = figures;
    expect(decisionTimeMs).toBeGreaterThanOrEqual(waitedMs ?? Number.POSITIVE_INFINITY);
    const ownMs = triggerToCallMs(marks, path.used, waitedMs);
    return { marks, asked, said: lastOf(journal, 'decision'), waitedMs, ownMs };
  }
});

describe('whichever call', () => {
  test.each(CURED)('of a step %s, a drill with people passes all the same', async (mishap) => {
    const seen = await everyCall('steps', mishap, 4);
    expect(seen.length).toBeGreaterThan(15);
  });

  test.each(CURED)('of the people %s, it passes all the same', async (mishap) => {
    const seen = await everyCall('people', mishap, 1);
    expect(seen.length).toBeGreaterThan(8);
  });
});

/** One drill for each call that is hit; every one passes. */
async function everyCall(
  who: 'steps' | 'people',
  mishap: Mishap,
  every: number,
): Promise<readonly Aftermath[]> {
  const seen: Aftermath[] = [];
  for (let call = 0; call < 1_000; call += every) {
    const aftermath = await drillWith([{ who, call, mishap }], { plan: PLAN, people: doTheirPart });
    if (aftermath.hit.length === 0) break;
    const where = `${who} ${call} ${aftermath.hit}`;
    expect(aftermath.outcome, where).toBe('passed');
    expect(aftermath.rig.service.serving(), where).toBe('v4');
    const receipt = await sealed(aftermath.rig);
    expect(verify([receipt]), where).toEqual([]);
    expect(receipt.approvals.map(({ by }) => by).toSorted(), where).toEqual(['user/bob', 'user/carol']);
    seen.push(aftermath);
  }
  return seen;
}

async function sealed(rig: Aftermath['rig']): Promise<Receipt> {
  return (await rig.stores.receipts.find(DRILL_ID)) as Receipt;
}

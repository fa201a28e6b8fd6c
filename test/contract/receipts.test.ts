import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detection } from '../../lib/drill/detection.ts';
import { verify } from '../../lib/drill/verify.ts';
import { nameOf, newTarget, observerOf, recordOf, unsealed } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

describe.each(WORLDS)('receipts (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  test('number a drill once, however often it asks', async () => {
    const target = newTarget();
    const [a, b] = [await observerOf(world.journal, target), await observerOf(world.journal, target)];
    const asked = await Promise.all(Array.from({ length: 4 }, () => world.receipts.number(a)));
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(await world.receipts.number(b)).toBe(2);
    expect(await world.receipts.number(a)).toBe(1);
  });

  test('leave no hole and give no number twice when drills ask at once', async () => {
    const target = newTarget();
    const drills = await Promise.all(Array.from({ length: 4 }, () => observerOf(world.journal, target)));
    const numbers = await Promise.all(drills.map((drill) => world.receipts.number(drill)));
    expect(numbers.toSorted()).toEqual([1, 2, 3, 4]);
    expect(await world.receipts.number(await observerOf(world.journal))).toBe(1);
  });

  test('give no number that the journal does not tell, and none to whom the drill was taken from', async () => {
    const { opened } = await observerOf(world.journal);
    const { drillId, target } = opened;
    const attempt = await world.locks.acquire(target, drillId, 60_000);
    const fence = attempt.kind === 'locked' ? { [target]: attempt.fence } : null;
    await world.locks.raiseFence([target], drillId, 60_000);
    expect(await nameOf(world.receipts.number({ opened, fence }))).toBe('FenceRaised');
    expect((await world.journal.read(drillId)).journal.some(({ kind }) => kind === 'numbered')).toBe(false);
    await world.receipts.number({ opened, fence: null });
    expect((await world.journal.read(drillId)).journal).toContainEqual({
      kind: 'numbered',
      key: 'numbered',
      number: 1,
    });
  });

  test('seal a drill once, whoever seals it at the same time', async () => {
    const { opened } = await observerOf(world.journal);
    const before = await world.archived();
    const sealed = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        world.receipts.seal(opened.drillId, { ...unsealed(opened, 1), startedBy: `sealer ${index}` }),
      ),
    );
    expect(new Set(sealed.map(({ digest }) => digest)).size).toBe(1);
    expect(await world.receipts.find(opened.drillId)).toEqual(sealed[0]);
    expect(await world.archived()).toBe(before + 1);
  });

  test('remember the last drill in which each trigger fired, by target', async () => {
    const target = newTarget();
    expect(await world.receipts.lastFired(target)).toEqual({});
    for (const [number, names] of [['red'], ['red', 'alarm'], []].entries()) {
      const { opened } = await observerOf(world.journal, target);
      const receipt = { ...unsealed(opened, number + 1), detection: names.map(firedNow) };
      await world.receipts.seal(opened.drillId, receipt);
      await world.receipts.seal(opened.drillId, receipt);
    }
    expect(await world.receipts.lastFired(target)).toEqual({ red: 2, alarm: 2 });
  });

  test('sealed again later with another text, stay what they were', async () => {
    const { opened } = await observerOf(world.journal);
    const first = await world.receipts.seal(opened.drillId, unsealed(opened, 1));
    const again = await world.receipts.seal(opened.drillId, {
      ...unsealed(opened, 1),
      startedBy: 'a forger',
    });
    expect(again).toEqual(first);
  });

  test('of one target form a chain', async () => {
    const target = newTarget();
    const drills = await Promise.all([1, 2, 3].map(() => observerOf(world.journal, target)));
    const sealed = [];
    for (const [index, { opened }] of drills.entries())
      sealed.push(await world.receipts.seal(opened.drillId, unsealed(opened, index + 1)));
    expect(sealed.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(sealed.map(({ previousDigest }) => previousDigest)).toEqual([
      null,
      sealed[0]?.digest,
      sealed[1]?.digest,
    ]);
    expect(verify(sealed).filter(({ part }) => part === 'sequence' || part === 'previousDigest')).toEqual([]);
  });

  test('of one target that are sealed at once do not share a place in the chain', async () => {
    const target = newTarget();
    const drills = await Promise.all([1, 2, 3].map(() => observerOf(world.journal, target)));
    const sealed = await Promise.all(
      drills.map(({ opened }, index) => world.receipts.seal(opened.drillId, unsealed(opened, index + 1))),
    );
    expect(sealed.map(({ sequence }) => sequence).toSorted()).toEqual([1, 2, 3]);
    expect(new Set(sealed.map(({ previousDigest }) => previousDigest)).size).toBe(3);
  });

  test('close the journal of the drill, and of no other', async () => {
    const [sealed, left] = [await observerOf(world.journal), await observerOf(world.journal)];
    await world.receipts.seal(sealed.opened.drillId, unsealed(sealed.opened, 1));
    const open = await world.journal.openDrills();
    expect(open).not.toContain(sealed.opened.drillId);
    expect(open).toContain(left.opened.drillId);
    await world.journal.open(sealed.opened, (await world.journal.read(sealed.opened.drillId)).plan);
    expect(await world.journal.openDrills()).not.toContain(sealed.opened.drillId);
  });

  test('know a drill that touched nothing by a small record outside of the chain', async () => {
    const target = newTarget();
    const [refused, drilled] = [
      await observerOf(world.journal, target),
      await observerOf(world.journal, target),
    ];
    await world.receipts.record(recordOf(refused.opened));
    await world.receipts.record({ ...recordOf(refused.opened), reasons: ['another'] });
    expect(await world.receipts.find(refused.opened.drillId)).toEqual(recordOf(refused.opened));
    expect(await world.journal.openDrills()).not.toContain(refused.opened.drillId);
    expect((await world.receipts.seal(drilled.opened.drillId, unsealed(drilled.opened, 1))).sequence).toBe(1);
  });

  test('know nothing of a drill that is still open', async () => {
    const { opened } = await observerOf(world.journal);
    expect(await world.receipts.find(opened.drillId)).toBeUndefined();
    expect(await world.receipts.find('nobody')).toBeUndefined();
  });
});

function firedNow(name: string): Detection {
  return {
    name,
    observedBy: 'probe',
    condition: 'smoke failed 3 times running',
    action: 'roll-back',
    budgetMs: 60_000,
    expected: null,
    catches: [],
    fired: true,
    at: '2026-11-03T10:00:25.000Z',
    source: 'probe',
    reason: 'seen',
    lastFiredIn: null,
    timeToDetectMs: 5_000,
    timerMs: 20_000,
    withinBudget: true,
  };
}

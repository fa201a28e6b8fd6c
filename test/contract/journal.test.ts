import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameOf, note, observerOf, openedDrill, PLAN_OF_DRILLS } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

describe.each(WORLDS)('a journal (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  test('tells of no drill that was not opened', async () => {
    expect(await nameOf(world.journal.read('nobody'))).toBe('DrillNotFound');
    expect(
      await nameOf(world.journal.append({ opened: openedDrill(), fence: { target: 3 } }, [note('a')])),
    ).toBe('FenceRaised');
    expect(await nameOf(world.journal.requestAbort('nobody', { by: 'ana', reason: 'no' }))).toBe(
      'DrillNotFound',
    );
    expect(await nameOf(world.journal.enter('nobody', 'over'))).not.toBe('no error');
  });

  test('opened again, keeps everything as it was', async () => {
    const drill = await observerOf(world.journal);
    await world.journal.append(drill, [note('a')]);
    await world.journal.enter(drill.opened.drillId, 'restoring');
    await world.journal.open({ ...drill.opened, startedBy: 'somebody else' }, PLAN_OF_DRILLS);
    const read = await world.journal.read(drill.opened.drillId);
    expect(read.opened).toEqual(drill.opened);
    expect(read.phase).toBe('restoring');
    expect(keysOf(read)).toEqual(['opened', 'a']);
  });

  test('never overwrites an entry, and adds those beside it that are new', async () => {
    const drill = await observerOf(world.journal);
    await world.journal.append(drill, [note('a', 'first')]);
    await world.journal.append(drill, [note('b'), note('a', 'second'), note('c')]);
    const { journal } = await world.journal.read(drill.opened.drillId);
    expect(journal.map(({ key }) => key)).toEqual(['opened', 'a', 'b', 'c']);
    expect(journal[1]).toEqual(note('a', 'first'));
  });

  test('appends all entries or none', async () => {
    const drill = await observerOf(world.journal);
    const holder = { ...drill, fence: { [drill.opened.target]: 7 } };
    expect(await nameOf(world.journal.append(holder, [note('a'), note('b')]))).toBe('FenceRaised');
    expect(keysOf(await world.journal.read(drill.opened.drillId))).toEqual(['opened']);
  });

  test('records nothing more for a holder whose fence was raised, not even what is there already', async () => {
    const { opened } = await observerOf(world.journal);
    const attempt = await world.locks.acquire(opened.target, opened.drillId, 60_000);
    const fence = { [opened.target]: attempt.fence };
    await world.journal.append({ opened, fence }, [note('a')]);
    const raised = await world.locks.raiseFence([opened.target], opened.drillId, 60_000);
    expect(await nameOf(world.journal.append({ opened, fence }, [note('b')]))).toBe('FenceRaised');
    expect(await nameOf(world.journal.append({ opened, fence }, [note('a')]))).toBe('FenceRaised');
    await world.journal.append({ opened, fence: raised }, [note('c')]);
    await world.locks.release(opened.target, opened.drillId);
    expect(await nameOf(world.journal.append({ opened, fence: raised }, [note('d')]))).toBe('FenceRaised');
    expect(keysOf(await world.journal.read(opened.drillId))).toEqual(['opened', 'a', 'c']);
  });

  test('lets an observer record whoever holds the lock', async () => {
    const drill = await observerOf(world.journal);
    await world.locks.acquire(drill.opened.target, 'another-drill', 60_000);
    await world.journal.append(drill, [note('a')]);
    expect(keysOf(await world.journal.read(drill.opened.drillId))).toEqual(['opened', 'a']);
  });

  test('keeps one of what many append at once under the same key', async () => {
    const drill = await observerOf(world.journal);
    await Promise.all(
      ['x', 'y', 'z', 'u', 'v'].map((by) =>
        world.journal.append(drill, [note('same', by), note(`own/${by}`)]),
      ),
    );
    const keys = keysOf(await world.journal.read(drill.opened.drillId));
    expect(keys.filter((key) => key === 'same')).toHaveLength(1);
    expect(keys.toSorted()).toEqual(['opened', 'own/u', 'own/v', 'own/x', 'own/y', 'own/z', 'same']);
  });

  test('keeps the order in which entries were appended', async () => {
    const drill = await observerOf(world.journal);
    await world.journal.append(drill, [note('z'), note('y')]);
    world.clock.aheadMs += 10;
    await world.journal.append(drill, [note('x'), note('b'), note('a')]);
    expect(keysOf(await world.journal.read(drill.opened.drillId))).toEqual([
      'opened',
      'z',
      'y',
      'x',
      'b',
      'a',
    ]);
  });

  test('keeps the plan as it was when the drill began', async () => {
    const drill = await observerOf(world.journal);
    const read = await world.journal.read(drill.opened.drillId);
    expect(read).toMatchObject({ plan: PLAN_OF_DRILLS, phase: 'steady-state', abort: null, fence: null });
  });

  test('tells that an abort was asked for, and by whom', async () => {
    const { opened } = await observerOf(world.journal);
    await world.journal.requestAbort(opened.drillId, { by: 'ana', reason: 'it hurts' });
    const read = await world.journal.read(opened.drillId);
    expect(read.abort).toEqual({ by: 'ana', reason: 'it hurts' });
    expect(read.journal.at(-1)).toMatchObject({ kind: 'aborted', by: 'ana', reason: 'it hurts' });
  });

  test('lists drills from their opening on', async () => {
    const { opened } = await observerOf(world.journal);
    expect(await world.journal.openDrills()).toContain(opened.drillId);
  });
});

function keysOf({ journal }: { readonly journal: readonly { readonly key: string }[] }): readonly string[] {
  return journal.map(({ key }) => key);
}

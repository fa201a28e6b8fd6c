import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListedDrill } from '../../lib/ports/receipts.ts';
import { newTarget, observerOf, recordOf, unsealed } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

describe.each(WORLDS)('the index of drills (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  async function pagesOf(target: string, limit: number): Promise<readonly (readonly ListedDrill[])[]> {
    const pages: (readonly ListedDrill[])[] = [];
    for (let after: string | null = null, turn = 0; turn < 20; turn++) {
      const page = await world.drills.page(target, { limit, after });
      pages.push(page.items);
      after = page.next;
      if (after === null) return pages;
    }
    throw new Error('the list has no end');
  }

  test('knows no drill of another target, and none of one that was never drilled', async () => {
    const target = newTarget();
    await observerOf(world.journal, `${target}-canary`);
    expect(await world.drills.page(target, { limit: 10, after: null })).toEqual({ items: [], next: null });
  });

  test('tells every drill once, the newest first, however many are on a page', async () => {
    const target = newTarget();
    const ids: string[] = [];
    for (let drill = 0; drill < 5; drill++)
      ids.unshift((await observerOf(world.journal, target)).opened.drillId);
    for (const limit of [1, 2, 5, 100]) {
      const pages = await pagesOf(target, limit);
      expect(pages.flat().map(({ id }) => id)).toEqual(ids);
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }
  });

  test('skips and repeats nothing when a drill begins between two pages', async () => {
    const target = newTarget();
    const first = (await observerOf(world.journal, target)).opened.drillId;
    await observerOf(world.journal, target);
    const { next } = await world.drills.page(target, { limit: 1, after: null });
    await observerOf(world.journal, target);
    const { items } = await world.drills.page(target, { limit: 10, after: next });
    expect(items.map(({ id }) => id)).toEqual([first]);
  });

  test('tells what came of a drill: open, refused or sealed', async () => {
    const target = newTarget();
    const [sealed, refused, open] = [
      (await observerOf(world.journal, target)).opened,
      (await observerOf(world.journal, target)).opened,
      await observerOf(world.journal, target),
    ];
    const receipt = await world.receipts.seal(sealed.drillId, unsealed(sealed, 1));
    await world.receipts.record(recordOf(refused));
    const number = await world.receipts.number(open);
    expect((await world.drills.page(target, { limit: 10, after: null })).items).toMatchObject([
      { id: open.opened.drillId, number, outcome: null, startedAt: open.opened.at },
      { id: refused.drillId, number: null, outcome: 'refused', path: null },
      {
        id: sealed.drillId,
        number: 1,
        outcome: receipt.outcome,
        rehearsalTimerMs: receipt.figures.rehearsalTimerMs,
        path: receipt.path.used,
      },
    ]);
  });
});

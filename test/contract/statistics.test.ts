import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iso } from '../../lib/drill/clock.ts';
import { noStatistics, statisticsOfAll } from '../../lib/drill/statistics/statistics.ts';
import type { KeptStatistics } from '../../lib/ports/statistics.ts';
import { newTarget, observerOf, recordOf, unsealed } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

const AT = '2026-11-03T10:00:00.000Z';

describe.each(WORLDS)('statistics (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  async function sealNext(target: string, number: number) {
    const { opened } = await observerOf(world.journal, target);
    return world.receipts.seal(opened.drillId, unsealed(opened, number));
  }

  test('of a target that was never drilled are none', async () => {
    const target = newTarget();
    expect(await world.statistics.read(target)).toEqual({
      target,
      statistics: null,
      version: 0,
      production: { deployments: 0, realRollbacks: 0, countedSince: null },
    });
    expect(await world.statistics.targets()).not.toContain(target);
  });

  test('count a drill once, whoever seals it at the same time and however often', async () => {
    const target = newTarget();
    const { opened } = await observerOf(world.journal, target);
    const seal = () => world.receipts.seal(opened.drillId, unsealed(opened, 1));
    const [receipt] = await Promise.all([seal(), seal(), seal(), seal()]);
    await seal();
    const { statistics } = await world.statistics.read(target);
    expect(statistics).toEqual(statisticsOfAll(target, [receipt]));
  });

  test('miss no drill that is sealed or refused at the same time as others', async () => {
    const target = newTarget();
    const refused = await Promise.all([1, 2, 3].map(() => observerOf(world.journal, target)));
    const sealing = [1, 2, 3].map((number) => sealNext(target, number));
    const records = refused.map(({ opened }) => recordOf(opened));
    await Promise.all(records.map((record) => world.receipts.record(record)));
    const receipts = await Promise.all(sealing);
    const { statistics } = await world.statistics.read(target);
    expect(statistics).toEqual(statisticsOfAll(target, [...receipts, ...records]));
    expect(await world.statistics.targets()).toContain(target);
  });

  test('are not put right over drills that are refused meanwhile', async () => {
    const target = newTarget();
    const first = await sealNext(target, 1);
    const refuse = async () => {
      const { opened } = await observerOf(world.journal, target);
      await world.receipts.record(recordOf(opened));
      return recordOf(opened);
    };
    const records = [await refuse()];
    const seen = await world.statistics.read(target);
    records.push(await refuse());
    expect(await world.statistics.replace(seen, noStatistics(target))).toBe(false);
    const now = await world.statistics.read(target);
    expect(now.statistics).toEqual(statisticsOfAll(target, [first, ...records]));
    expect(await world.statistics.replace(now, statisticsOfAll(target, [first]))).toBe(true);
    await refuse();
    expect((await world.statistics.read(target)).statistics?.outcomes.refused).toBe(1);
  });

  test('count a refused drill once', async () => {
    const target = newTarget();
    const { opened } = await observerOf(world.journal, target);
    await world.receipts.record(recordOf(opened));
    await world.receipts.record(recordOf(opened));
    expect((await world.statistics.read(target)).statistics?.outcomes.refused).toBe(1);
  });

  test('count what happens in production once by its id, and what belongs to it not at all', async () => {
    const target = newTarget();
    const count = (counts: 'deployment' | 'rollback', id: string, settles: readonly string[] = []) =>
      world.statistics.count(target, { id, counts, at: AT, settles });
    expect(await Promise.all([count('deployment', '1'), count('deployment', '1')])).toContain(false);
    expect(await count('rollback', '2', ['3', '4'])).toBe(true);
    expect(await count('rollback', '2', ['3', '4'])).toBe(false);
    expect(await count('deployment', '3')).toBe(false);
    expect(await count('deployment', '5')).toBe(true);
    expect((await world.statistics.read(target)).production).toEqual({
      deployments: 2,
      realRollbacks: 1,
      countedSince: AT,
    });
  });

  test('take a deployment back once that was the end of a rollback told first, and none that ended before it', async () => {
    const target = newTarget();
    const told = (
      counts: 'deployment' | 'rollback',
      id: string,
      seconds: number,
      settles: readonly string[] = [],
    ) => world.statistics.count(target, { id, counts, at: iso(Date.parse(AT) + 1_000 * seconds), settles });
    await told('deployment', 'last-good', 0);
    await told('deployment', 'bad', 60);
    await told('deployment', 'back', 90);
    const begins = () => told('rollback', 'back', 61, ['back', 'last-good']);
    expect((await Promise.all([begins(), begins(), begins()])).filter(Boolean)).toHaveLength(1);
    expect(await begins()).toBe(false);
    expect(await told('deployment', 'back', 90)).toBe(false);
    expect((await world.statistics.read(target)).production).toEqual({
      deployments: 2,
      realRollbacks: 1,
      countedSince: AT,
    });
  });

  test('are the same whether the end of a rollback is told before its beginning, after it, or at once', async () => {
    const target = newTarget();
    const ends = (id: string) => world.statistics.count(target, { id, counts: 'deployment', at: AT });
    const begins = (id: string) =>
      world.statistics.count(target, { id, counts: 'rollback', at: AT, settles: [id] });
    for (const id of ['1', '2', '3']) await Promise.all([ends(id), begins(id), ends(id), begins(id)]);
    await begins('4');
    await ends('4');
    await ends('5');
    await begins('5');
    const { production } = await world.statistics.read(target);
    expect(production).toMatchObject({ deployments: 0, realRollbacks: 5 });
  });

  test('neither lose what was counted when a drill is sealed, nor the other way round', async () => {
    const target = newTarget();
    await world.statistics.count(target, { id: '1', counts: 'deployment', at: AT });
    await sealNext(target, 1);
    await world.statistics.count(target, { id: '2', counts: 'deployment', at: AT });
    const { statistics, production } = await world.statistics.read(target);
    expect([statistics?.receipts, production.deployments]).toEqual([1, 2]);
  });

  test('are told once for every target, page by page in the order of their names', async () => {
    const added = [newTarget(), newTarget(), newTarget()];
    for (const target of added) await sealNext(target, 1);
    const found: KeptStatistics[] = [];
    for (let after: string | null = null, turn = 0; turn < 50; turn++) {
      const page = await world.statistics.page({ limit: 2, after });
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items);
      after = page.next;
      if (after === null) break;
    }
    const names = found.map(({ target }) => target);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names).toEqual(expect.arrayContaining(added));
    const [target = ''] = added;
    expect(found.find((kept) => kept.target === target)).toEqual(await world.statistics.read(target));
  });

  test('are put right only as long as they are what was read', async () => {
    const target = newTarget();
    await sealNext(target, 1);
    const seen = await world.statistics.read(target);
    await sealNext(target, 2);
    expect(await world.statistics.replace(seen, noStatistics(target))).toBe(false);
    const now = await world.statistics.read(target);
    expect(now.statistics?.receipts).toBe(2);
    expect(await world.statistics.replace(now, noStatistics(target))).toBe(true);
    expect((await world.statistics.read(target)).statistics).toEqual(noStatistics(target));
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sample } from '../lib/drill/fixtures/samples.ts';
import { nameOf } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

describe.each(WORLDS)('a series of samples (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  test('is never overwritten: a second witness on it stops', async () => {
    await world.series.write('taken', 0, [sample(1)]);
    expect(await nameOf(world.series.write('taken', 0, [sample(2)]))).toBe('SeriesTaken');
    expect((await world.series.read('taken')).samples).toEqual([sample(1)]);
  });

  test('lets one of many witnesses write a chunk', async () => {
    const names = await Promise.all(
      [1, 2, 3, 4].map((seconds) => nameOf(world.series.write('raced', 0, [sample(seconds)]))),
    );
    expect(names.toSorted()).toEqual(['SeriesTaken', 'SeriesTaken', 'SeriesTaken', 'no error']);
    expect((await world.series.read('raced')).samples).toHaveLength(1);
  });

  test('is read in the order of its chunks, also beyond nine of them', async () => {
    const chunks = Array.from({ length: 12 }, (_, chunk) => chunk);
    for (const chunk of chunks.toReversed()) await world.series.write('long', chunk, [sample(chunk)]);
    const { samples, keys } = await world.series.read('long');
    expect(samples).toEqual(chunks.map((chunk) => sample(chunk)));
    expect(keys).toHaveLength(12);
    expect(keys).toEqual(keys.toSorted());
  });

  test('of one drill does not know those of another whose id begins alike', async () => {
    await world.series.write('drill-1', 0, [sample(1)]);
    await world.series.write('drill-10', 0, [sample(2)]);
    expect((await world.series.read('drill-1')).samples).toEqual([sample(1)]);
  });

  test('that nobody wrote is empty', async () => {
    expect(await world.series.read('nobody')).toEqual({ samples: [], keys: [] });
  });
});

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

  test('may be written again with the same samples, by a client that has lost the answer', async () => {
    await world.series.write('lost', 0, [sample(1)]);
    await world.series.write('lost', 0, [sample(1)]);
    expect(await world.series.read('lost')).toEqual({ samples: [sample(1)], next: 1 });
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
    expect(await world.series.read('long')).toEqual({
      samples: chunks.map((chunk) => sample(chunk)),
      next: 12,
    });
  });

  test('goes on behind its last chunk, whatever is missing before it', async () => {
    await world.series.write('holed', 0, [sample(1)]);
    await world.series.write('holed', 2, [sample(2)]);
    expect(await world.series.read('holed')).toEqual({ samples: [sample(1), sample(2)], next: 3 });
  });

  test('of one drill does not know those of another whose id begins alike', async () => {
    await world.series.write('drill-1', 0, [sample(1)]);
    await world.series.write('drill-10', 0, [sample(2)]);
    expect((await world.series.read('drill-1')).samples).toEqual([sample(1)]);
  });

  test('is archived once, and stays as it was', async () => {
    expect(await world.archivedSeries('kept')).toBeUndefined();
    await world.receipts.archiveSeries('kept', [sample(1), sample(2)]);
    await world.receipts.archiveSeries('kept', [sample(1), sample(2), sample(3)]);
    expect(await world.archivedSeries('kept')).toEqual([sample(1), sample(2)]);
  });

  test('that nobody wrote is empty', async () => {
    expect(await world.series.read('nobody')).toEqual({ samples: [], next: 0 });
  });
});

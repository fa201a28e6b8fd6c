import { expect, test } from 'vitest';
import { toLines } from '../../../lib/drill/witness/sample.ts';
import type { Series } from '../../../lib/ports/witness.ts';
import { sampleAppender } from '../../../lib/steps/append-samples.ts';
import { memoryStores } from '../../fixtures/memory/stores.ts';
import { sample } from '../drill/fixtures/samples.ts';

test('does not give up when a witness that is still alive writes at the same moment', async () => {
  const { series } = memoryStores({ now: Date.now });
  await sampleAppender(withRival(series, 3), 'drill')([sample(9)]);
  const { samples } = await series.read('drill');
  expect(samples).toEqual([sample(101), sample(102), sample(103), sample(9)]);
});

test('gives up on a rival that never stops', async () => {
  const { series } = memoryStores({ now: Date.now });
  const appending = sampleAppender(withRival(series, 1_000), 'drill')([sample(9)]);
  await expect(appending).rejects.toMatchObject({ name: 'SeriesTaken' });
});

test('does not write again what an earlier attempt has written without hearing of it', async () => {
  const { series } = memoryStores({ now: Date.now });
  await sampleAppender(series, 'drill')([sample(1), sample(2)]);
  await sampleAppender(series, 'drill')([sample(1), sample(2), sample(3)]);
  await sampleAppender(series, 'drill')([sample(2)]);
  expect(await series.read('drill')).toMatchObject({
    samples: [sample(1), sample(2), sample(3)],
    next: 2,
  });
});

test('reads the series only once while it writes it alone', async () => {
  const { series } = memoryStores({ now: Date.now });
  let reads = 0;
  const counted: Series = { ...series, read: (id) => series.read(id).finally(() => reads++) };
  const append = sampleAppender(counted, 'drill');
  for (const seconds of [1, 2, 3]) await append([sample(seconds)]);
  expect(reads).toBe(1);
  expect((await series.read('drill')).next).toBe(3);
});

test('writes no chunk that is too large for an item of the table, however long nothing could be written', async () => {
  const { series } = memoryStores({ now: Date.now });
  const sizes: number[] = [];
  const measured: Series = {
    ...series,
    write: (id, chunk, samples) => {
      sizes.push(Buffer.byteLength(toLines(samples)));
      return series.write(id, chunk, samples);
    },
  };
  const longest = '…'.repeat(200);
  const samples = Array.from({ length: 1_800 }, (_, seconds) => ({
    ...sample(seconds),
    ...{ release: longest, instance: longest },
  }));
  await sampleAppender(measured, 'drill')(samples);
  expect(Math.max(...sizes)).toBeLessThan(400 * 1_024);
  expect((await series.read('drill')).samples).toEqual(samples);
});

test('writes no chunk without samples', async () => {
  const { series } = memoryStores({ now: Date.now });
  await sampleAppender(series, 'drill')([]);
  expect((await series.read('drill')).next).toBe(0);
});

/** Somebody else writes the very chunk that is about to be written, this often. */
function withRival(series: Series, times: number): Series {
  let made = 0;
  return {
    ...series,
    write: async (drillId, chunk, samples) => {
      if (made < times) await series.write(drillId, chunk, [sample(100 + ++made)]);
      await series.write(drillId, chunk, samples);
    },
  };
}

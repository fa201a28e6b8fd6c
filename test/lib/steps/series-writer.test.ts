import { expect, test } from 'vitest';
import type { Sample } from '../../../lib/drill/witness/sample.ts';
import type { Series } from '../../../lib/ports/witness.ts';
import { seriesWriter } from '../../../lib/steps/series-writer.ts';
import { memoryStores } from '../../fixtures/memory/stores.ts';
import { sample } from '../drill/fixtures/samples.ts';

test('leaves out no number and loses no sample when a write fails', async () => {
  const { series } = memoryStores({ now: Date.now });
  const samples: Sample[] = [sample(1)];
  const flush = seriesWriter(failing(series, 'before'), 'drill', { samples, next: 0 });
  // What was there in the beginning is written already.
  samples.push(sample(2));
  await expect(flush()).rejects.toThrow('throttled');
  samples.push(sample(3));
  await flush();
  expect(await series.read('drill')).toEqual({ samples: [sample(2), sample(3)], next: 2 });
});

test('does not take its own chunk, whose answer was lost, for another witness’s', async () => {
  const { series } = memoryStores({ now: Date.now });
  const samples: Sample[] = [];
  const flush = seriesWriter(failing(series, 'after'), 'drill', { samples, next: 0 });
  samples.push(sample(1));
  await expect(flush()).rejects.toThrow('throttled');
  samples.push(sample(2));
  await flush();
  expect((await series.read('drill')).samples).toEqual([sample(1), sample(2)]);
});

test('writes what is more than a chunk may hold one after the other, also when asked twice at once', async () => {
  const { series } = memoryStores({ now: Date.now });
  const samples: Sample[] = [];
  const flush = seriesWriter(series, 'drill', { samples, next: 0 });
  samples.push(...Array.from({ length: 450 }, (_, seconds) => sample(seconds)));
  const first = flush();
  samples.push(sample(1_000));
  await Promise.all([first, flush()]);
  expect(await series.read('drill')).toEqual({ samples, next: 4 });
});

/** The first write fails, before or after it has taken effect. */
function failing(series: Series, when: 'before' | 'after'): Series {
  let isFirst = true;
  return {
    ...series,
    async write(...chunk) {
      const fails = isFirst;
      isFirst = false;
      if (!fails || when === 'after') await series.write(...chunk);
      if (fails) throw new Error('throttled');
    },
  };
}

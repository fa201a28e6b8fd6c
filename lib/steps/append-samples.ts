import type { Sample } from '../drill/witness/sample.ts';
import type { Ports } from '../ports.ts';

/** A witness that is still alive may write as well: the next chunk after its newest is tried this often. */
const ATTEMPTS = 10;

/** Writes behind what is there, beside a witness that may not have noticed that the drill was taken over. */
export async function appendSamples(
  { series }: Pick<Ports, 'series'>,
  drillId: string,
  samples: readonly Sample[],
): Promise<void> {
  if (samples.length === 0) return;
  for (let attempt = 1; ; attempt++) {
    const { keys } = await series.read(drillId);
    try {
      return await series.write(drillId, keys.length, samples);
    } catch (error) {
      if ((error as Error).name !== 'SeriesTaken' || attempt === ATTEMPTS) throw error;
    }
  }
}

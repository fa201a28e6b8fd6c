import type { Sample } from '../drill/witness/sample.ts';
import type { Ports } from '../ports.ts';

/** A witness that is still alive may write as well: the next chunk after its newest is tried this often. */
const ATTEMPTS = 10;

/**
 * Writes behind what is there, beside a witness that may not have noticed that the drill was taken over. What an earlier
 * attempt has written, without hearing of it, is not written again.
 */
export async function appendSamples(
  { series }: Pick<Ports, 'series'>,
  drillId: string,
  samples: readonly Sample[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (samples.length === 0) return;
    const { samples: there, keys } = await series.read(drillId);
    const known = new Set(there.map(identityOf));
    const fresh = samples.filter((sample) => !known.has(identityOf(sample)));
    if (fresh.length === 0) return;
    try {
      return await series.write(drillId, keys.length, fresh);
    } catch (error) {
      if ((error as Error).name !== 'SeriesTaken' || attempt === ATTEMPTS) throw error;
    }
  }
}

function identityOf({ sentAt, at }: Sample): string {
  return `${sentAt}/${at}`;
}

import { inChunks, type Sample } from '../drill/witness/sample.ts';
import type { Series } from '../ports/witness.ts';

/** A witness that is still alive may write as well: the next chunk after its newest is tried this often. */
const ATTEMPTS = 10;

/**
 * Writes behind what is there, beside a witness that may not have noticed that the drill was taken over. What an earlier
 * attempt has written, without hearing of it, is not written again. The series is read only where its end is not known: it
 * may be days long.
 */
export function sampleAppender(
  series: Series,
  drillId: string,
): (samples: readonly Sample[]) => Promise<void> {
  let end: End | undefined;
  const append = async (samples: readonly Sample[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      end ??= endOf(await series.read(drillId));
      const { chunk, known } = end;
      const fresh = samples.filter((sample) => !known.has(identityOf(sample)));
      if (fresh.length === 0) return;
      // Until the answer has come it is not known what is there.
      end = undefined;
      try {
        await series.write(drillId, chunk, fresh);
        end = { chunk: chunk + 1, known: new Set([...known, ...fresh.map(identityOf)]) };
        return;
      } catch (error) {
        if ((error as Error).name !== 'SeriesTaken' || attempt === ATTEMPTS) throw error;
      }
    }
  };
  return async (samples) => {
    for (const chunk of inChunks(samples)) await append(chunk);
  };
}

interface End {
  /** The number of the next chunk. */
  readonly chunk: number;
  readonly known: ReadonlySet<string>;
}

function endOf({ samples, next }: Awaited<ReturnType<Series['read']>>): End {
  return { chunk: next, known: new Set(samples.map(identityOf)) };
}

function identityOf({ sentAt, at }: Sample): string {
  return `${sentAt}/${at}`;
}

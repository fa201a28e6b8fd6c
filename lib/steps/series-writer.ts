import { inChunks, type Sample } from '../drill/witness/sample.ts';
import type { Series } from '../ports/witness.ts';

/**
 * Writes what no chunk has yet, one chunk after the other; `samples` goes on growing. A chunk whose writing has failed is
 * written again as it was, under its number: nothing is lost, and no number is left out.
 */
export function seriesWriter(
  series: Pick<Series, 'write'>,
  drillId: string,
  { samples, next }: Awaited<ReturnType<Series['read']>>,
): () => Promise<void> {
  let [written, number] = [samples.length, next];
  let chunk: readonly Sample[] = [];
  let writing: Promise<void> = Promise.resolve();
  const write = async (until: number): Promise<void> => {
    while (written < until) {
      if (chunk.length === 0) chunk = inChunks(samples.slice(written, until))[0] ?? [];
      await series.write(drillId, number, chunk);
      [written, number, chunk] = [written + chunk.length, number + 1, []];
    }
  };
  return () => {
    const until = samples.length;
    writing = writing.catch(() => {}).then(() => write(until));
    return writing;
  };
}

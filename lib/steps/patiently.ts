import type { Clock } from '../ports/clock.ts';

/** No later try changes these. */
const FINAL: ReadonlySet<string> = new Set(['FenceRaised', 'DrillNotFound', 'OutOfTime']);

/** Tries once more after each of the pauses, milliseconds. Throws what the last try has thrown. */
export async function patiently<Answer>(
  clock: Pick<Clock, 'sleep'>,
  pausesMs: readonly number[],
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || FINAL.has((error as Error).name)) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

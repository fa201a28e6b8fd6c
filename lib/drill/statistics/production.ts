import type { Drilled } from './drilled.ts';

/** What happened to a target outside of drills, as its own events told. */
export interface Production {
  readonly deployments: number;
  /** Deployments that the target, or a person, rolled back. */
  readonly realRollbacks: number;
  /** The time of the first event that was counted; `null` before it. */
  readonly countedSince: string | null;
}

export const NOTHING_COUNTED: Production = { deployments: 0, realRollbacks: 0, countedSince: null };

/** Events of ECS have whole seconds. */
const RESOLUTION_MS = 1_000;

/** Whether something happened while one of these drills ran. */
export function isInDrill(drills: readonly Pick<Drilled, 'startedAt' | 'endedAt'>[], at: string): boolean {
  const time = Date.parse(at);
  return drills.some(
    ({ startedAt, endedAt }) =>
      startedAt !== null &&
      endedAt !== null &&
      time > Date.parse(startedAt) - RESOLUTION_MS &&
      time <= Date.parse(endedAt),
  );
}

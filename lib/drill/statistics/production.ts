/** What happened to a target outside of drills, as its own events told. */
export interface Production {
  readonly deployments: number;
  /** Deployments that the target, or a person, rolled back. */
  readonly realRollbacks: number;
  /** The time of the first event that was counted; `null` before it. */
  readonly countedSince: string | null;
}

export const NOTHING_COUNTED: Production = { deployments: 0, realRollbacks: 0, countedSince: null };

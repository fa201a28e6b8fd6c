import type { ImageReference } from './images.ts';
import type { LifecycleHooks } from './second-line.ts';
import type { SelfRollback } from './self-rollback.ts';

/** What a target tells of itself, for guardrails that every kind of target shares. */
export interface TargetFacts {
  /** `null` when the target does not tell it. */
  readonly lastDeployedAt: string | null;
  readonly lastHealthyImages: readonly ImageReference[];
  /** `null` when only deploying it tells them, as of a pipeline. */
  readonly knownBadImages: readonly ImageReference[] | null;
  readonly hooks: LifecycleHooks | null;
  /** `null` where no stage rolls itself back, or where a release answers the drill. */
  readonly selfRollback: SelfRollback | null;
}

import type { ImageReference } from './images.ts';
import type { LifecycleHooks } from './second-line.ts';

/** What a target tells of itself, for guardrails that every kind of target shares. */
export interface TargetFacts {
  /** `null` when the target does not tell it. */
  readonly lastDeployedAt: string | null;
  readonly lastHealthyImages: readonly ImageReference[];
  /** `null` when only deploying it tells them, as of a pipeline. */
  readonly knownBadImages: readonly ImageReference[] | null;
  readonly hooks: LifecycleHooks | null;
}

import type { Gap } from '../gap.ts';
import { type Check, judged } from './check.ts';

/** A stage that rolls itself back when it fails, to the execution that got through it last. */
export interface SelfRollback {
  readonly stage: string;
  /** That execution; `null` when there is none. */
  readonly target: string | null;
  /** The command that releases the last healthy execution once more, so that it is that one. */
  readonly release: string;
}

/** Known-bad executions of earlier drills get through the stage, too: one that comes back by itself is no way back. */
export function selfRollbackTarget(found: SelfRollback | null, healthy: string): Check {
  const name = 'automatic-rollback';
  if (found === null) return judged(name, true, 'the stage that deploys does not roll itself back');
  const { stage, target, release } = found;
  const reason = `stage ${stage} rolls itself back to execution ${target ?? 'none'}, the last that got through it`;
  return target === healthy
    ? judged(name, true, `${reason}, which is what runs`)
    : judged(
        name,
        false,
        `${reason}; it must be ${healthy}, which is what runs. Release it again: ${release}`,
      );
}

/** What a drill leaves behind whose known-bad release gets through the stage and is not answered by a release. */
export function selfRollbackGap(found: SelfRollback | null): Gap | null {
  if (found === null) return null;
  const { stage, release } = found;
  return {
    code: 'automatic-rollback-to-known-bad',
    severity: 'warning',
    message: `stage ${stage} rolls itself back to the execution that got through it last, and after this drill that may be the known-bad one`,
    evidence: `Release the last healthy execution again after the drill, or make codepipeline-redeploy the first path: ${release}`,
  };
}

import type { Gap } from '../gap.ts';
import { type Check, judged } from './check.ts';

/** Hooks of the target's deployments. `null` stands for a target that uses none. */
export interface LifecycleHooks {
  readonly count: number;
  /** Those that pause a deployment until somebody lets it go on. */
  readonly pauses: readonly {
    readonly stages: readonly string[];
    readonly timeoutInMinutes: number;
    readonly action: 'ROLLBACK' | 'CONTINUE';
  }[];
  /** The command that adds a pause which rolls back when nobody answers. */
  readonly offer: string;
}

export interface SecondLine {
  readonly check: Check | null;
  readonly gap: Gap | null;
}

/** A pause that times out into a rollback brings the target back even when the whole product is gone. */
export function secondLine(hooks: LifecycleHooks | null): SecondLine {
  if (hooks === null || hooks.count === 0) return { check: null, gap: null };
  const pause = hooks.pauses.find(({ action }) => action === 'ROLLBACK');
  if (pause) {
    const stages = pause.stages.join(', ');
    const reason = `a PAUSE hook at ${stages} rolls back by itself after ${pause.timeoutInMinutes} minutes`;
    return { check: judged('second-line', true, reason), gap: null };
  }
  const found = `${hooks.count} lifecycle hooks, ${hooks.pauses.length} of them pause, none rolls back when it times out`;
  return {
    check: null,
    gap: {
      code: 'second-line',
      severity: 'notice',
      message: 'a PAUSE hook that rolls back on its timeout would restore the target without this product',
      evidence: `${found}. Add one: ${hooks.offer}`,
    },
  };
}

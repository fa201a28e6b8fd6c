import type { PipelineExecution } from './release.ts';
import type { KnownBadDeployment, Steering } from './target.ts';

type Rollback = NonNullable<KnownBadDeployment['rollback']>;

export const ECS_PATHS = ['automatic', 'ecs-stop-deployment', 'ecs-previous-task-definition'] as const;

export const PATHS = [...ECS_PATHS, 'codepipeline-rollback-stage', 'codepipeline-redeploy'] as const;

export type PathName = (typeof PATHS)[number];

/** Their call shows as a rollback of the known-bad deployment; every other path deploys the last healthy release anew. */
const ROLLS_THE_DEPLOYMENT_BACK: ReadonlySet<PathName> = new Set([
  'ecs-stop-deployment',
  'codepipeline-rollback-stage',
]);

export function rollsTheDeploymentBack(path: PathName): boolean {
  return ROLLS_THE_DEPLOYMENT_BACK.has(path);
}

/** What became of a path in this drill. `not-applicable` is not a failure. */
export type PathResult = 'accepted' | 'adopted' | 'not-applicable' | 'failed';

export interface TriedPath {
  readonly name: PathName;
  readonly result: PathResult;
  readonly reason: string;
}

export type Applicability =
  | { readonly applicable: true }
  | { readonly applicable: false; readonly reason: string };

export type RollbackChoice =
  | {
      readonly kind: 'adopt';
      readonly startedAt: string;
      readonly reason: string;
      readonly execution?: PipelineExecution;
    }
  | { readonly kind: 'take'; readonly path: PathName; readonly skipped: readonly TriedPath[] }
  /** The target already steers to the last healthy release without any rollback of ours. */
  | { readonly kind: 'nothing-to-do'; readonly reason: string }
  /** Somebody else's release: the newest human intent stands. */
  | { readonly kind: 'overtaken'; readonly reason: string }
  | { readonly kind: 'exhausted'; readonly skipped: readonly TriedPath[] };

/**
 * The first applicable path of the plan that has not been taken in this drill. A rollback that the target started by itself
 * is adopted, whether or not the plan lists `automatic`: two rollbacks never race.
 */
export function chooseRollback(
  paths: readonly PathName[],
  tried: readonly TriedPath[],
  state: Steering,
): RollbackChoice {
  if (state.desired === 'other') return { kind: 'overtaken', reason: state.summary };
  const taken = tried.filter((path) => path.result !== 'not-applicable');
  const last = taken.at(-1);
  if (last && last.result !== 'failed')
    return { kind: 'nothing-to-do', reason: `path ${last.name} is under way: ${last.reason}` };
  const spent = new Set(taken.map((path) => path.name));
  const rollback = state.knownBadDeployment?.rollback;
  // Once a call of ours was accepted, a rollback of that deployment is its effect and not the target's own.
  const ours = taken.some((path) => path.result === 'accepted');
  if (rollback && !rollback.automatic && ![...spent].some(rollsTheDeploymentBack))
    return { kind: 'overtaken', reason: `somebody else rolled the deployment back: ${rollback.reason}` };
  if (rollback && !ours && !spent.has('automatic')) return adopted(rollback);
  if (state.desired === 'last-healthy' && taken.length === 0)
    return { kind: endedByOthers(state) ? 'overtaken' : 'nothing-to-do', reason: state.summary };
  const left = paths.filter((path) => !spent.has(path) && !(ours && path === 'automatic'));
  return firstApplicable(left, state);
}

export function applicability(path: PathName, state: Steering): Applicability {
  switch (path) {
    case 'automatic':
      return state.knownBadDeployment?.rollback
        ? { applicable: true }
        : no('the target has not started a rollback by itself');
    case 'ecs-stop-deployment':
      return state.knownBadDeployment?.status === 'under-way'
        ? { applicable: true }
        : no(`the known-bad deployment is ${state.knownBadDeployment?.status ?? 'not known'}, not under way`);
    case 'ecs-previous-task-definition':
    case 'codepipeline-rollback-stage':
    case 'codepipeline-redeploy':
      return { applicable: true };
    default:
      return path satisfies never;
  }
}

function adopted({ automatic: _, ...effect }: Rollback): RollbackChoice {
  return { kind: 'adopt', ...effect };
}

/** A deployment that failed by itself before it took effect was ended by nobody. */
function endedByOthers({ knownBadDeployment: deployment }: Steering): boolean {
  return deployment !== null && deployment.failedAt === null;
}

function firstApplicable(paths: readonly PathName[], state: Steering): RollbackChoice {
  const skipped: TriedPath[] = [];
  for (const path of paths) {
    const verdict = applicability(path, state);
    if (verdict.applicable) return { kind: 'take', path, skipped };
    skipped.push({ name: path, result: 'not-applicable', reason: verdict.reason });
  }
  return { kind: 'exhausted', skipped };
}

function no(reason: string): Applicability {
  return { applicable: false, reason };
}

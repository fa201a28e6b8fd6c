import type { Plan } from './plan/plan.ts';

/** What receipts, statistics and metrics call the target of a plan: `ecs:CLUSTER/SERVICE` or `codepipeline:PIPELINE/STAGE`. */
export function targetName({ target }: Pick<Plan, 'target'>): string {
  return target.kind === 'ecs'
    ? `ecs:${target.cluster}/${target.service}`
    : `codepipeline:${target.pipeline}/${target.stage}`;
}

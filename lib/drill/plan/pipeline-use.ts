import type { Draft } from './draft.ts';
import { PIPELINE_RELEASE } from './pipeline-release.ts';
import type { Finding } from './place.ts';
import { repeated } from './repeated.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What belongs to a pipeline is of no use to a service, and the other way round. */
export const CONTRADICTIONS_OF_PIPELINES: readonly Rule[] = [
  releasesFitTarget,
  pipelineTriggers,
  transitionsBehindTheTest,
  differentTransitions,
  failuresOfStagesEntered,
];

function releasesFitTarget({ target, knownBad }: Draft): Finding[] {
  if (!target) return [];
  const needsPipeline = isPipeline(target);
  return Object.entries(knownBad?.releases ?? {}).flatMap(([name, release]) => {
    const given = Object.keys(release ?? {});
    const isOfPipeline = given.some((key) => (PIPELINE_RELEASE as readonly string[]).includes(key));
    if (!release || isOfPipeline === needsPipeline) return [];
    const message = needsPipeline
      ? 'must be what the pipeline is started with: give variables or sourceRevisions.'
      : 'must be a taskDefinition or an override; variables and sourceRevisions are for a pipeline.';
    return [{ path: ['knownBad', 'releases', name], message }];
  });
}

function pipelineTriggers({ target, triggers = [] }: Draft): Finding[] {
  if (!target || isPipeline(target)) return [];
  return triggers.flatMap((trigger, index) => {
    if (trigger?.condition?.kind !== 'pipeline-failed') return [];
    const message = 'needs a target codepipeline; the target of this plan is an ECS service.';
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

/** The drill's own execution has to get through the stages that it needs. */
function transitionsBehindTheTest({ target }: Draft): Finding[] {
  if (!target || !('codepipeline' in target)) return [];
  const { stage, smokeStage, disableTransitions = [] } = target.codepipeline ?? {};
  return disableTransitions.flatMap((name, index) => {
    if (name === undefined || (name !== stage && name !== smokeStage)) return [];
    const message = `must be a stage behind the smoke stage; received "${name}", which the known-bad release has to enter.`;
    return [{ path: ['target', 'codepipeline', 'disableTransitions', index], message }];
  });
}

function differentTransitions({ target }: Draft): Finding[] {
  if (!target || !('codepipeline' in target)) return [];
  const stages = target.codepipeline?.disableTransitions ?? [];
  return repeated(stages).map((index) => ({
    path: ['target', 'codepipeline', 'disableTransitions', index],
    message: `must differ from the other stages; received "${stages[index]}" again. Remove it.`,
  }));
}

/** A stage that nothing enters never fails. */
function failuresOfStagesEntered({ target, triggers = [] }: Draft): Finding[] {
  if (!target || !('codepipeline' in target)) return [];
  const kept = target.codepipeline?.disableTransitions ?? [];
  return triggers.flatMap((trigger, index) => {
    const condition = trigger?.condition;
    if (condition?.kind !== 'pipeline-failed' || condition.stage === null || !kept.includes(condition.stage))
      return [];
    const message = `can never hold: disableTransitions keeps the known-bad release out of stage ${condition.stage}. Take the stage off that list, or watch one before it.`;
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

function isPipeline(target: NonNullable<Draft['target']>): boolean {
  return 'codepipeline' in target;
}

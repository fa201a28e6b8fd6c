import type { Draft } from './draft.ts';
import { PIPELINE_RELEASE } from './pipeline-release.ts';
import type { Finding } from './place.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What belongs to a pipeline is of no use to a service, and the other way round. */
export const CONTRADICTIONS_OF_PIPELINES: readonly Rule[] = [
  releasesFitTarget,
  pipelineTriggers,
  transitionsBehindTheTest,
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

function isPipeline(target: NonNullable<Draft['target']>): boolean {
  return 'codepipeline' in target;
}

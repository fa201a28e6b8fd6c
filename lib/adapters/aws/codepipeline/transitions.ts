import {
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import type { CapturedPipeline } from '../../../drill/entry.ts';
import { stagesOf } from './read.ts';
import type { Pipeline } from './target.ts';

type Transitions = CapturedPipeline['transitions'];

/** Those into the stages that the plan keeps the known-bad release out of. */
export function transitionsOf({ target }: Pipeline, stages: readonly StageState[]): Transitions {
  return target.disableTransitions.map((stage) => {
    return { stage, enabled: stateOf(stages, stage)?.enabled !== false };
  });
}

/** One that somebody else has disabled stays as it is. */
export async function disable(pipeline: Pipeline, found: Transitions, drillId: string): Promise<void> {
  for (const stageName of enabledIn(found))
    await pipeline.codePipeline.send(
      new DisableStageTransitionCommand({ ...named(pipeline, stageName), reason: reasonOf(drillId) }),
    );
}

export function disableCommand({ target }: Pipeline, stage: string): string {
  return `aws codepipeline disable-stage-transition --pipeline-name ${target.pipeline} --stage-name ${stage} --transition-type Inbound --reason '${MARK}'`;
}

export function enableCommand({ target }: Pipeline, stage: string): string {
  return `aws codepipeline enable-stage-transition --pipeline-name ${target.pipeline} --stage-name ${stage} --transition-type Inbound`;
}

/** Puts them back as they were found. What somebody else has disabled in the meantime says so, and stays. */
export async function putBack(pipeline: Pipeline, found: Transitions): Promise<void> {
  const wanted = enabledIn(found);
  if (wanted.length === 0) return;
  const stages = await stagesOf(pipeline);
  const ours = wanted.filter((stage) => {
    const state = stateOf(stages, stage);
    return state?.enabled === false && state.disabledReason?.startsWith(MARK);
  });
  for (const stageName of ours)
    await pipeline.codePipeline.send(new EnableStageTransitionCommand(named(pipeline, stageName)));
}

/** At most one drill holds the pipeline: what a drill has disabled since the capture is this drill's. */
const MARK = 'Rollback drill';
const LONGEST_REASON = 300;

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_DisableStageTransition.html */
function reasonOf(drillId: string): string {
  return `${MARK} ${drillId.replaceAll(/[^A-Za-z0-9-]/g, '-')}`.slice(0, LONGEST_REASON);
}

function enabledIn(found: Transitions): readonly string[] {
  return found.flatMap(({ stage, enabled }) => (enabled ? [stage] : []));
}

function stateOf(stages: readonly StageState[], stage: string): StageState['inboundTransitionState'] {
  return stages.find(({ stageName }) => stageName === stage)?.inboundTransitionState;
}

function named({ target }: Pipeline, stageName: string) {
  return { pipelineName: target.pipeline, stageName, transitionType: 'Inbound' as const };
}

import type { StageExecution as Found, StageState } from '@aws-sdk/client-codepipeline';
import type { StageExecution, StageFound } from '../../../drill/validations/pipeline-stages.ts';
import { stagesOf } from './read.ts';
import type { Pipeline } from './target.ts';

/** The stages from the deploy stage on, in their order, with what is in them and what waits before them. */
export async function stagesNow(pipeline: Pipeline): Promise<readonly StageFound[]> {
  const { stage, smokeStage = stage } = pipeline.target;
  const states = await stagesOf(pipeline);
  const deploy = states.findIndex(({ stageName }) => stageName === stage);
  if (deploy === -1) return [];
  const smoke = states.findIndex(({ stageName }) => stageName === smokeStage);
  return states.slice(deploy).map((state, index) => stageFound(state, placeOf(index, smoke - deploy)));
}

function placeOf(index: number, smoke: number): StageFound['place'] {
  if (index === 0) return 'deploy';
  return index <= smoke ? 'tests' : 'behind';
}

function stageFound({ stageName = '', ...state }: StageState, place: StageFound['place']): StageFound {
  const waiting = state.inboundExecution ?? state.inboundExecutions?.[0];
  return { name: stageName, place, latest: told(state.latestExecution), waiting: told(waiting) };
}

function told(found: Found | undefined): StageExecution | null {
  if (!found?.pipelineExecutionId) return null;
  return { execution: found.pipelineExecutionId, status: found.status ?? '' };
}

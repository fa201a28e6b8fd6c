import { StopPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { unlessRefused } from '../ecs/rollback.ts';
import { isUnderWay } from './checks.ts';
import { executionOf } from './read.ts';
import type { Pipeline } from './target.ts';

/** Well within the time that a function which acts on the target may run. */
const STOP_LIMIT_MS = 8_000;
const LOOK_EVERY_MS = 250;

/** Abandons what the execution has under way. One that is over already, or is being stopped, is as well. */
export async function stop({ codePipeline, target }: Pipeline, pipelineExecutionId: string): Promise<void> {
  await codePipeline
    .send(
      new StopPipelineExecutionCommand({
        pipelineName: target.pipeline,
        pipelineExecutionId,
        abandon: true,
        reason: 'Rollback drill: the known-bad release goes no further',
      }),
    )
    .catch(unlessOver)
    .catch(unlessRefused);
}

export function stopCommand({ target }: Pipeline, id: string): string {
  return `aws codepipeline stop-pipeline-execution --pipeline-name ${target.pipeline} --pipeline-execution-id ${id} --abandon`;
}

/** Answers whether it is over within the limit. */
export async function untilOver(pipeline: Pipeline, id: string): Promise<boolean> {
  const until = pipeline.clock.now() + STOP_LIMIT_MS;
  for (;;) {
    const { status } = await executionOf(pipeline, id);
    if (!isUnderWay(status)) return true;
    if (pipeline.clock.now() + LOOK_EVERY_MS >= until) return false;
    await pipeline.clock.sleep(LOOK_EVERY_MS);
  }
}

function unlessOver(error: Error): undefined {
  const { name } = error;
  if (name === 'DuplicatedStopRequestException' || name === 'PipelineExecutionNotStoppableException')
    return undefined;
  throw error;
}

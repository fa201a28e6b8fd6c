import { AwsError } from '../aws/protocol.ts';
import { unableToRollBack } from './errors.ts';
import type { ExecutionRecord, PipelineRecord } from './records.ts';
import { currentOf, inStage, runOf } from './stages.ts';

/** What AWS answers instead of rolling the stage back to the target; `undefined` when it may be. */
export function refusal(
  pipeline: PipelineRecord,
  stageName: string,
  target: ExecutionRecord,
  executions: readonly ExecutionRecord[],
): AwsError | undefined {
  const { pipelineType, executionMode, stages, version } = currentOf(pipeline);
  const unable = (why: string) => unableToRollBack(stageName, why);
  if (pipelineType !== 'V2') return unable(`the pipeline is of type ${pipelineType}; this needs type V2.`);
  if (executionMode === 'PARALLEL') return unable('the pipeline is in PARALLEL mode.');
  if (stages[0]?.name === stageName) return unable('it is the source stage.');
  const [running] = inStage(executions, stageName);
  if (running) return unable(`the stage is currently running, with the execution ${running.id}.`);
  if (target.type === 'ROLLBACK') return unable(`the target execution ${target.id} is a rollback itself.`);
  if (target.version !== version)
    return new AwsError(
      'PipelineExecutionOutdatedException',
      `The pipeline execution ${target.id} is outdated: it started in version ${target.version} of the pipeline, which is in version ${version}.`,
    );
  const status = runOf(target, stageName)?.status;
  if (status !== 'Succeeded')
    return unable(
      `the target execution ${target.id} did not succeed in it: ${status ?? 'it was never there'}.`,
    );
  return undefined;
}

/** The execution that last succeeded in the stage and may be rolled back to. */
export function automaticTarget(
  pipeline: PipelineRecord,
  stageName: string,
  executions: readonly ExecutionRecord[],
): ExecutionRecord | undefined {
  return executions
    .filter((each) => !refusal(pipeline, stageName, each, executions))
    .sort((a, b) => orderIn(b, stageName) - orderIn(a, stageName))[0];
}

function orderIn(execution: ExecutionRecord, stageName: string): number {
  return runOf(execution, stageName)?.order ?? 0;
}

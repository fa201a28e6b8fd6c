import * as v from 'valibot';
import { flag, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { type Context, executionNamed, pipelineNamed, stageNamed } from './context.ts';
import { MOST_VARIABLES, name, variableName, variableValue } from './declaration.ts';
import { notRetryable, VALIDATION } from './errors.ts';
import { inputsOf } from './inputs.ts';
import type { ExecutionRecord, PipelineRecord } from './records.ts';
import { refusal } from './rollback.ts';
import { currentOf, latestIn, runOf } from './stages.ts';
import { stop } from './stopping.ts';
import { hasEnded } from './store.ts';

const uuid = v.pipe(
  text,
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be the id of an execution'),
);
const startInput = members({
  name,
  variables: v.optional(listOf(members({ name: variableName, value: variableValue }), MOST_VARIABLES, 1)),
  clientRequestToken: v.optional(
    v.pipe(text, v.regex(/^[a-zA-Z0-9-]{1,128}$/, 'may have up to 128 letters, digits and - only')),
  ),
  sourceRevisions: v.optional(
    listOf(
      members({
        actionName: name,
        revisionType: oneOf(['COMMIT_ID', 'IMAGE_DIGEST', 'S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY']),
        revisionValue: text,
      }),
      50,
    ),
  ),
});
const stopInput = members({
  pipelineName: name,
  pipelineExecutionId: uuid,
  abandon: v.optional(flag, false),
  reason: v.optional(
    v.pipe(v.string('must be a string'), v.maxLength(200, 'must have at most 200 characters')),
  ),
});
const rollbackInput = members({ pipelineName: name, stageName: name, targetPipelineExecutionId: uuid });
const retryInput = members({
  pipelineName: name,
  stageName: name,
  pipelineExecutionId: uuid,
  retryMode: oneOf(['FAILED_ACTIONS', 'ALL_ACTIONS']),
});

/** What moves executions. `caller` is an ARN. */
export function executionOperations(context: Context, caller: string): Readonly<Record<string, Operation>> {
  return {
    StartPipelineExecution: (input) => start(context, caller, input),
    StopPipelineExecution: (input) => stopExecution(context, input),
    RollbackStage: (input) => rollBack(context, caller, input),
    RetryStageExecution: (input) => retry(context, input),
  };
}

/** The same token again is the same execution, for as long as that is kept. */
function start(context: Context, caller: string, input: JsonObject): object {
  const asked = read(startInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, asked.name);
  const clientToken = asked.clientRequestToken;
  const started = context.store
    .executions(pipeline.name)
    .find((each) => clientToken !== undefined && each.clientToken === clientToken);
  if (started) return { pipelineExecutionId: started.id };
  const trigger = { type: 'StartPipelineExecution', detail: caller } as const;
  const { id } = context.engine.start(pipeline, trigger, { ...inputsOf(pipeline, asked), clientToken });
  return { pipelineExecutionId: id };
}

/** Who waits for the actions may change their mind, but not ask twice. */
function stopExecution(context: Context, input: JsonObject): object {
  const asked = read(stopInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, asked.pipelineName);
  const execution = context.store.execution(asked.pipelineExecutionId);
  if (execution?.pipelineName !== pipeline.name || hasEnded(execution))
    throw new AwsError(
      'PipelineExecutionNotStoppableException',
      execution?.pipelineName === pipeline.name
        ? `The execution ${execution.id} is ${execution.status}; only one that is under way can be stopped.`
        : `The pipeline '${pipeline.name}' has no execution ${asked.pipelineExecutionId}.`,
    );
  if (execution.status === 'Stopping' && !asked.abandon)
    throw new AwsError(
      'DuplicatedStopRequestException',
      `The execution ${execution.id} is already stopping. It can be abandoned still.`,
    );
  stop(context, execution, asked.abandon ? 'abandon' : 'wait', asked.reason);
  return { pipelineExecutionId: execution.id };
}

function rollBack(context: Context, caller: string, input: JsonObject): object {
  const asked = read(rollbackInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, asked.pipelineName);
  const stage = stageNamed(pipeline, asked.stageName);
  const target = executionNamed(context, pipeline.name, asked.targetPipelineExecutionId);
  const refused = refusal(pipeline, stage.name, target, context.store.executions(pipeline.name));
  if (refused) throw refused;
  const { id } = context.engine.rollBack(pipeline, stage, target, { type: 'ManualRollback', detail: caller });
  return { pipelineExecutionId: id };
}

function retry(context: Context, input: JsonObject): object {
  const asked = read(retryInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, asked.pipelineName);
  const stage = stageNamed(pipeline, asked.stageName);
  const execution = context.store.execution(asked.pipelineExecutionId);
  const refused = retryRefusal(context, pipeline, stage.name, execution);
  if (refused || !execution) throw refused ?? notRetryable(stage.name, 'there is no such execution.');
  context.engine.retry(execution, stage, asked.retryMode);
  return { pipelineExecutionId: execution.id };
}

function retryRefusal(
  { store }: Context,
  pipeline: PipelineRecord,
  stageName: string,
  execution: ExecutionRecord | undefined,
): AwsError | undefined {
  const run = execution?.pipelineName === pipeline.name ? runOf(execution, stageName) : undefined;
  if (!execution || !run) return notRetryable(stageName, 'the execution never was in it.');
  const latest = latestIn(store.executions(pipeline.name), stageName);
  if (execution.mode !== 'PARALLEL' && latest?.id !== execution.id)
    return new AwsError(
      'NotLatestPipelineExecutionException',
      `The execution ${execution.id} is not the latest one in the stage '${stageName}'; that is ${latest?.id}.`,
    );
  const { version } = currentOf(pipeline);
  if (execution.version !== version)
    return notRetryable(
      stageName,
      `the execution started in version ${execution.version} of the pipeline, which is in version ${version}.`,
    );
  if (run.status !== 'Failed' && run.status !== 'Stopped')
    return notRetryable(stageName, `it is ${run.status}; only a stage that failed or was stopped can be.`);
  return undefined;
}

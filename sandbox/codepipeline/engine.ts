import { AwsError } from '../aws/protocol.ts';
import type { Actions } from './actions.ts';
import type { Announce } from './announce.ts';
import { withStage } from './change.ts';
import type { ActionDeclaration, RetryMode, StageDeclaration } from './declaration.ts';
import type { Endings, Onward } from './endings.ts';
import { type Inputs, rollbackExecution, standardExecution, type Trigger } from './new-execution.ts';
import type { ExecutionRecord, PipelineRecord, Retries, StageRun } from './records.ts';
import { automaticTarget } from './rollback.ts';
import { actionsToRetry, isComplete, runActions } from './stage-runs.ts';
import { currentOf, nextEntry, runOf, supersededBefore } from './stages.ts';
import { hasEnded, type Store } from './store.ts';

/** Moves executions through the stages. Whether that may be asked for was checked before. */
export interface Engine {
  /** Throws ConcurrentPipelineExecutionsLimitExceededException. */
  start(pipeline: PipelineRecord, trigger: Trigger, inputs: Inputs): ExecutionRecord;
  rollBack(
    pipeline: PipelineRecord,
    stage: StageDeclaration,
    target: ExecutionRecord,
    trigger: Trigger,
  ): ExecutionRecord;
  /** Throws ConcurrentPipelineExecutionsLimitExceededException. */
  retry(execution: ExecutionRecord, stage: StageDeclaration, mode: RetryMode): void;
  /** The actions of the execution in the stage have ended; it goes on from there. */
  leave(executionId: string, stage: StageDeclaration): void;
  /** Lets in who may go on. */
  flow(pipelineName: string): void;
  /** Nothing goes on any more. */
  close(): void;
}

const MOST_AT_ONCE = 50;

export function openEngine(options: {
  readonly store: Store;
  readonly actions: Actions;
  readonly announce: Announce;
  readonly endings: Endings;
  readonly now: () => number;
}): Engine {
  const { store, actions, announce, endings, now } = options;
  let closed = false;

  return {
    start(pipeline, trigger, inputs) {
      checkLimit(store, pipeline);
      const execution = endings.put(standardExecution(pipeline, beginning(trigger), inputs));
      announce.pipeline(execution, 'STARTED');
      waitBefore(execution, execution.waitsFor);
      flow(pipeline.name);
      return execution;
    },
    rollBack,
    retry(execution, stage, mode) {
      const pipeline = store.pipeline(execution.pipelineName);
      if (pipeline) checkLimit(store, pipeline);
      retry(execution, stage, mode, 'ManualStageRetry');
    },
    leave,
    flow,
    close() {
      closed = true;
    },
  };

  function beginning(trigger: Trigger) {
    return { order: store.nextOrder(), startedMs: now(), trigger };
  }

  function waitBefore({ pipelineName }: ExecutionRecord, stageName: string | undefined): void {
    if (stageName === undefined) return;
    for (const execution of supersededBefore(store.executions(pipelineName), stageName))
      endings.endExecution(execution, 'Superseded');
  }

  function flow(pipelineName: string): void {
    for (let left = store.executions(pipelineName).length; left > 0 && !closed; left -= 1) {
      const pipeline = store.pipeline(pipelineName);
      const entry = pipeline && nextEntry(pipeline, store.executions(pipelineName));
      if (!entry) return;
      enter(entry.execution, entry.stage);
    }
  }

  function enter(execution: ExecutionRecord, stage: StageDeclaration): void {
    const run: StageRun = {
      name: stage.name,
      order: store.nextOrder(),
      status: 'InProgress',
      startedMs: now(),
      retries: { automatic: 0, manual: 0 },
      actions: [],
    };
    const entered = endings.put({ ...withStage(execution, run), waitsFor: undefined });
    announce.stage(entered, run, 'STARTED');
    void proceed(entered, stage, stage.actions);
  }

  async function proceed(
    execution: ExecutionRecord,
    stage: StageDeclaration,
    wanted: readonly ActionDeclaration[],
  ): Promise<void> {
    const isTheEnd = await runActions({ store, actions }, execution, stage, wanted);
    if (isTheEnd && !closed) leave(execution.id, stage);
  }

  function leave(executionId: string, stage: StageDeclaration): void {
    const execution = store.execution(executionId);
    const run = execution && runOf(execution, stage.name);
    if (!execution || !run) return;
    if (execution.status === 'Stopping')
      endings.endStage(executionId, stage.name, 'Stopped', { status: 'Stopped' });
    else if (isComplete(run, stage)) succeed(execution, stage);
    else fail(execution, run, stage);
    flow(execution.pipelineName);
  }

  function succeed(execution: ExecutionRecord, stage: StageDeclaration): void {
    const { id, type, pipelineName } = execution;
    const pipeline = store.pipeline(pipelineName);
    const stages = pipeline ? currentOf(pipeline).stages : [];
    const next = stages[stages.findIndex(({ name }) => name === stage.name) + 1]?.name;
    const isLast = type === 'ROLLBACK' || next === undefined;
    const onward: Onward = isLast ? { status: 'Succeeded' } : { status: 'InProgress', waitsFor: next };
    endings.endStage(id, stage.name, 'Succeeded', onward);
    waitBefore(execution, onward.waitsFor);
  }

  function fail(execution: ExecutionRecord, run: StageRun, stage: StageDeclaration): void {
    const { result, retryConfiguration } = stage.onFailure ?? {};
    if (result === 'RETRY' && run.retries.automatic === 0) {
      const mode = retryConfiguration?.retryMode ?? 'FAILED_ACTIONS';
      retry(execution, stage, mode, 'AutomatedStageRetry');
      return;
    }
    const { id, type, pipelineName } = execution;
    endings.endStage(id, stage.name, 'Failed', { status: 'Failed' });
    if (result === 'ROLLBACK' && type === 'STANDARD') rollBackAfter(id, pipelineName, stage);
  }

  /** Before anybody else may enter the stage. A rollback that fails is not followed by another one. */
  function rollBackAfter(failedId: string, pipelineName: string, stage: StageDeclaration): void {
    const pipeline = store.pipeline(pipelineName);
    const target = pipeline && automaticTarget(pipeline, stage.name, store.executions(pipelineName));
    const detail = JSON.stringify({ FailedPipelineExecutionId: failedId });
    if (target) rollBack(pipeline, stage, target, { type: 'AutomatedRollback', detail });
  }

  function rollBack(
    pipeline: PipelineRecord,
    stage: StageDeclaration,
    target: ExecutionRecord,
    trigger: Trigger,
  ): ExecutionRecord {
    const execution = endings.put(rollbackExecution(pipeline, beginning(trigger), target));
    announce.pipeline(execution, 'STARTED');
    enter(execution, stage);
    return execution;
  }

  function retry(
    execution: ExecutionRecord,
    stage: StageDeclaration,
    mode: RetryMode,
    trigger: Retries['lastTrigger'],
  ): void {
    const before = runOf(execution, stage.name);
    if (!before) return;
    const run: StageRun = {
      ...before,
      status: 'InProgress',
      retries: oneMore(before.retries, trigger, now()),
    };
    const resumed = endings.put({
      ...withStage(execution, run),
      status: 'InProgress',
      statusSummary: undefined,
      stopReason: undefined,
    });
    announce.pipeline(resumed, 'RESUMED');
    announce.stage(resumed, run, 'RESUMED');
    void proceed(resumed, stage, actionsToRetry(before, stage, mode));
  }
}

function checkLimit(store: Store, pipeline: PipelineRecord): void {
  const { executionMode } = currentOf(pipeline);
  if (executionMode === 'SUPERSEDED') return;
  const underWay = store.executions(pipeline.name).filter((each) => !hasEnded(each)).length;
  if (underWay >= MOST_AT_ONCE)
    throw new AwsError(
      'ConcurrentPipelineExecutionsLimitExceededException',
      `The pipeline '${pipeline.name}' has ${underWay} executions under way; in ${executionMode} mode it may have ${MOST_AT_ONCE}.`,
    );
}

function oneMore({ automatic, manual }: Retries, trigger: Retries['lastTrigger'], nowMs: number): Retries {
  const added = trigger === 'AutomatedStageRetry' ? { automatic: automatic + 1 } : { manual: manual + 1 };
  return { automatic, manual, ...added, lastMs: nowMs, lastTrigger: trigger };
}

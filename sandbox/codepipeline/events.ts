import { arn, REGION } from '../aws/account.ts';
import type { Emit, ServiceEvent } from '../aws/events.ts';
import type { ActionRun, ExecutionRecord, StageRun } from './records.ts';

export type PipelineState =
  | 'STARTED'
  | 'SUCCEEDED'
  | 'RESUMED'
  | 'FAILED'
  | 'STOPPING'
  | 'STOPPED'
  | 'CANCELED'
  | 'SUPERSEDED';
export type StageState = Exclude<PipelineState, 'SUPERSEDED'>;
export type ActionState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'ABANDONED';

/** Times are true to the millisecond. Versions and attempts are numbers with a fraction on AWS, which JSON cannot tell. */
export function pipelineStateChange(execution: ExecutionRecord, state: PipelineState): ServiceEvent {
  const comments = state === 'STOPPING' && execution.stopReason !== undefined;
  return event('Pipeline', execution, {
    state,
    'start-time': iso(execution.startedMs),
    'pipeline-execution-attempt': 1 + retriesOf(execution),
    ...(comments && { 'stop-execution-comments': execution.stopReason }),
  });
}

export function stageStateChange(
  execution: ExecutionRecord,
  stage: StageRun,
  state: StageState,
): ServiceEvent {
  const { automatic, manual, lastMs } = stage.retries;
  return event('Stage', execution, {
    stage: stage.name,
    state,
    'start-time': iso(stage.startedMs),
    'stage-execution-attempt': automatic + manual,
    'pipeline-execution-attempt': 1 + retriesOf(execution),
    ...(state === 'RESUMED' && lastMs !== undefined && { 'stage-last-retry-attempt-time': iso(lastMs) }),
  });
}

export function actionStateChange(
  execution: ExecutionRecord,
  stageName: string,
  action: ActionRun,
  state: ActionState,
): ServiceEvent {
  const { actionTypeId, region = REGION } = action.declaration;
  const { owner, provider, category, version } = actionTypeId;
  return event('Action', execution, {
    stage: stageName,
    action: action.name,
    'action-execution-id': action.id,
    state,
    region,
    type: { owner, provider, category, version },
    'start-time': iso(action.startedMs),
    'pipeline-execution-attempt': 1 + retriesOf(execution),
    ...(state !== 'STARTED' && { 'execution-result': resultOf(action) }),
  });
}

/** AWS delivers at least once: every fifth event comes twice. */
export function sometimesTwice(emit: Emit): Emit {
  let emitted = 0;
  return (each) => {
    emitted += 1;
    emit(each);
    if (emitted % 5 === 0) emit(each);
  };
}

function event(
  what: 'Pipeline' | 'Stage' | 'Action',
  execution: ExecutionRecord,
  detail: Readonly<Record<string, unknown>>,
): ServiceEvent {
  const { pipelineName, id, trigger, version } = execution;
  return {
    source: 'aws.codepipeline',
    detailType: `CodePipeline ${what} Execution State Change`,
    resources: [arn('codepipeline', pipelineName)],
    detail: {
      pipeline: pipelineName,
      'execution-id': id,
      'execution-trigger': { 'trigger-type': trigger.type, 'trigger-detail': trigger.detail },
      version,
      ...detail,
    },
  };
}

function resultOf({ externalExecutionId, externalExecutionUrl, summary, error }: ActionRun): object {
  return {
    ...(externalExecutionId !== undefined && { 'external-execution-id': externalExecutionId }),
    ...(externalExecutionUrl !== undefined && { 'external-execution-url': externalExecutionUrl }),
    ...((error?.message ?? summary) !== undefined && {
      'external-execution-summary': error?.message ?? summary,
    }),
    ...(error && { 'error-code': error.code }),
  };
}

function retriesOf({ stages }: ExecutionRecord): number {
  return stages.reduce((sum, { retries }) => sum + retries.automatic + retries.manual, 0);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

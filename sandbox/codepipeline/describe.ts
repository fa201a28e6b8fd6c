import { arn, REGION } from '../aws/account.ts';
import type { JsonObject } from '../aws/protocol.ts';
import type { ActionDeclaration, StageDeclaration } from './declaration.ts';
import type { ActionRun, ExecutionRecord, PipelineRecord, StageRun } from './records.ts';
import { currentOf, latestIn, runOf, waitingFor } from './stages.ts';
import { isApproval } from './structure.ts';

/** Records as the API tells them. What has no value is left out when the answer is written. */

export function describeMetadata({ name, createdMs, updatedMs }: PipelineRecord): JsonObject {
  return {
    pipelineArn: arn('codepipeline', name),
    created: createdMs / 1000,
    updated: updatedMs / 1000,
  };
}

export function describeExecution(execution: ExecutionRecord): JsonObject {
  return {
    ...common(execution),
    pipelineName: execution.pipelineName,
    pipelineVersion: execution.version,
    artifactRevisions: execution.sourceRevisions.map(
      ({ artifactName, revisionId, revisionSummary, revisionUrl, createdMs }) => ({
        name: artifactName,
        revisionId,
        revisionSummary,
        revisionUrl,
        created: createdMs / 1000,
      }),
    ),
    variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
  };
}

export function describeSummary(execution: ExecutionRecord): JsonObject {
  return {
    ...common(execution),
    startTime: execution.startedMs / 1000,
    lastUpdateTime: execution.updatedMs / 1000,
    sourceRevisions: execution.sourceRevisions.map(
      ({ actionName, revisionId, revisionSummary, revisionUrl }) => ({
        actionName,
        revisionId,
        revisionSummary,
        revisionUrl,
      }),
    ),
    stopTrigger: execution.stopReason === undefined ? undefined : { reason: execution.stopReason },
  };
}

export function describeAction(execution: ExecutionRecord, stage: StageRun, action: ActionRun): JsonObject {
  const { declaration, externalExecutionId, externalExecutionUrl, summary, error } = action;
  const located = ({ name, bucket, key }: ActionRun['inputArtifacts'][number]) => {
    return { name, s3location: { bucket, key } };
  };
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: action.id,
    pipelineVersion: execution.version,
    stageName: stage.name,
    actionName: action.name,
    startTime: action.startedMs / 1000,
    lastUpdateTime: action.updatedMs / 1000,
    updatedBy: action.updatedBy,
    status: action.status,
    input: {
      actionTypeId: declaration.actionTypeId,
      configuration: declaration.configuration,
      resolvedConfiguration: action.resolvedConfiguration,
      roleArn: declaration.roleArn,
      region: declaration.region ?? REGION,
      inputArtifacts: action.inputArtifacts.map(located),
      namespace: declaration.namespace,
    },
    output: {
      outputArtifacts: action.status === 'Succeeded' ? action.outputArtifacts.map(located) : [],
      executionResult: {
        externalExecutionId,
        externalExecutionSummary: summary,
        externalExecutionUrl,
        errorDetails: error,
      },
      outputVariables: action.outputVariables ?? {},
    },
  };
}

export function describeState(pipeline: PipelineRecord, executions: readonly ExecutionRecord[]): JsonObject {
  const { name, stages, version } = currentOf(pipeline);
  return {
    pipelineName: name,
    pipelineVersion: version,
    stageStates: stages.map((stage) => describeStage(pipeline, stage, executions)),
    created: pipeline.createdMs / 1000,
    updated: pipeline.updatedMs / 1000,
  };
}

function describeStage(
  pipeline: PipelineRecord,
  stage: StageDeclaration,
  executions: readonly ExecutionRecord[],
): JsonObject {
  const inbound = waitingFor(executions, stage.name).map(({ id, type }) => {
    return { pipelineExecutionId: id, status: 'InProgress', type };
  });
  const latest = latestIn(executions, stage.name);
  const run = latest && runOf(latest, stage.name);
  return {
    stageName: stage.name,
    inboundExecution: inbound[0],
    inboundExecutions: inbound,
    inboundTransitionState: describeTransition(pipeline, stage.name),
    actionStates: stage.actions.map((action) => describeActionState(action, stage.name, executions)),
    latestExecution: run && { pipelineExecutionId: latest.id, status: run.status, type: latest.type },
    retryStageMetadata: run?.retries.lastTrigger && {
      autoStageRetryAttempt: run.retries.automatic,
      manualStageRetryAttempt: run.retries.manual,
      latestRetryTrigger: run.retries.lastTrigger,
    },
  };
}

function describeTransition({ transitions }: PipelineRecord, stageName: string): JsonObject {
  const { enabled = true, changedBy, changedMs, reason } = transitions[stageName] ?? {};
  return {
    enabled,
    lastChangedBy: changedBy,
    lastChangedAt: changedMs === undefined ? undefined : changedMs / 1000,
    disabledReason: enabled ? undefined : reason,
  };
}

/** As on AWS it is the last one of any execution, also while another execution is in the stage and has not come to the action. */
function describeActionState(
  declaration: ActionDeclaration,
  stageName: string,
  executions: readonly ExecutionRecord[],
): JsonObject {
  const [found] = executions
    .flatMap((execution) =>
      (runOf(execution, stageName)?.actions ?? []).map((action) => ({ execution, action })),
    )
    .filter(({ action }) => action.name === declaration.name)
    .sort((a, b) => b.action.order - a.action.order);
  const revision = found?.execution.sourceRevisions.find(({ actionName }) => actionName === declaration.name);
  return {
    actionName: declaration.name,
    currentRevision: revision && {
      revisionId: revision.revisionId,
      revisionChangeId: revision.revisionId,
      created: revision.createdMs / 1000,
    },
    revisionUrl: revision?.revisionUrl,
    latestExecution: found && describeActionExecution(found.action, isApproval(declaration)),
  };
}

function describeActionExecution(action: ActionRun, isByPerson: boolean): JsonObject {
  return {
    actionExecutionId: action.id,
    status: action.status,
    summary: action.summary,
    lastStatusChange: action.updatedMs / 1000,
    token: action.token,
    lastUpdatedBy: isByPerson && action.token === undefined ? action.updatedBy : undefined,
    externalExecutionId: isByPerson ? undefined : action.externalExecutionId,
    externalExecutionUrl: action.externalExecutionUrl,
    errorDetails: action.error,
  };
}

function common(execution: ExecutionRecord): JsonObject {
  const { id, status, statusSummary, trigger, mode, type, targetId } = execution;
  return {
    pipelineExecutionId: id,
    status,
    statusSummary,
    trigger: { triggerType: trigger.type, triggerDetail: trigger.detail },
    executionMode: mode,
    executionType: type,
    rollbackMetadata: targetId === undefined ? undefined : { rollbackTargetPipelineExecutionId: targetId },
  };
}

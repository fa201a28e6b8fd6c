import type { ActionResult } from './action.ts';
import type { ActionDeclaration } from './declaration.ts';
import type { ActionRun, ExecutionRecord, SourceRevision, StageRun } from './records.ts';

/** How records follow from records. */

export function withStage(execution: ExecutionRecord, stage: StageRun): ExecutionRecord {
  const others = execution.stages.filter(({ name }) => name !== stage.name);
  return { ...execution, stages: [...others, stage] };
}

export function withActions(
  execution: ExecutionRecord,
  stageName: string,
  change: (actions: readonly ActionRun[]) => readonly ActionRun[],
): ExecutionRecord {
  const stages = execution.stages.map((stage) =>
    stage.name === stageName ? { ...stage, actions: change(stage.actions) } : stage,
  );
  return { ...execution, stages };
}

export function withAction(
  execution: ExecutionRecord,
  stageName: string,
  actionId: string,
  change: (action: ActionRun) => ActionRun,
): ExecutionRecord {
  return withActions(execution, stageName, (actions) =>
    actions.map((action) => (action.id === actionId ? change(action) : action)),
  );
}

/** The action has ended. `by` is who ended it. */
export function ended(action: ActionRun, result: ActionResult, by: string, nowMs: number): ActionRun {
  const { externalExecutionId = action.externalExecutionId, externalExecutionSummary: summary } = result;
  const common = {
    ...action,
    updatedMs: nowMs,
    updatedBy: by,
    token: undefined,
    externalExecutionId,
    summary,
  };
  if (result.status === 'Failed') {
    const { code, message } = result;
    return { ...common, status: 'Failed', error: { code, message } };
  }
  const { externalExecutionUrl = action.externalExecutionUrl, outputVariables } = result;
  return { ...common, status: 'Succeeded', externalExecutionUrl, outputVariables };
}

/** What a successful action leaves for those after it. */
export function withOutputs(
  execution: ExecutionRecord,
  declaration: ActionDeclaration,
  action: ActionRun,
  result: ActionResult,
): ExecutionRecord {
  if (result.status === 'Failed') return execution;
  const { name, namespace, outputArtifacts } = declaration;
  const made = Object.fromEntries(action.outputArtifacts.map((artifact) => [artifact.name, artifact]));
  const told = namespace === undefined ? {} : { [namespace]: result.outputVariables ?? {} };
  const revision: readonly SourceRevision[] = result.revision
    ? [
        {
          actionName: name,
          artifactName: outputArtifacts[0]?.name,
          createdMs: action.updatedMs,
          ...result.revision,
        },
      ]
    : [];
  const others = execution.sourceRevisions.filter(
    ({ actionName }) => !result.revision || actionName !== name,
  );
  return {
    ...execution,
    artifacts: { ...execution.artifacts, ...made },
    outputVariables: { ...execution.outputVariables, ...told },
    sourceRevisions: [...others, ...revision],
  };
}

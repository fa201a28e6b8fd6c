import { arn } from '../aws/account.ts';
import type { ActionJob, ActionProvider, ActionResult } from './action.ts';
import type { Announce } from './announce.ts';
import { ended as endedAction, withAction, withActions, withOutputs } from './change.ts';
import type { ActionDeclaration } from './declaration.ts';
import { type Ended, openLiveActions } from './live-actions.ts';
import { perform } from './perform.ts';
import type { ActionRun, ExecutionRecord } from './records.ts';
import { resolved } from './references.ts';
import { attemptOf, currentOf, runOf } from './stages.ts';
import type { Store } from './store.ts';
import { isApproval } from './structure.ts';

export interface Actions {
  /** Resolves when the action has ended, abandoned or not. */
  run(executionId: string, stageName: string, declaration: ActionDeclaration): Promise<void>;
  /** Nobody waits any more for what the execution has under way in the stage. */
  abandon(executionId: string, stageName: string, as: 'ABANDONED' | 'CANCELED'): void;
  /** Ends an action from outside, as somebody does who approves. */
  end(actionId: string, ended: Ended): void;
  close(): void;
}

/** Who ends an action that nobody ended from outside. */
const ENGINE = arn('codepipeline', 'engine');

export function openActions(options: {
  readonly store: Store;
  readonly providers: readonly ActionProvider[];
  readonly announce: Announce;
  readonly now: () => number;
}): Actions {
  const { store, providers, announce, now } = options;
  const live = openLiveActions();

  return {
    async run(executionId, stageName, declaration) {
      const before = store.execution(executionId);
      if (!before) return;
      const { action, unknown } = begun(before, stageName, declaration);
      const execution = withActions(before, stageName, (actions) => [...actions, action]);
      store.putExecution({ ...execution, updatedMs: action.startedMs });
      announce.action(execution, stageName, action, 'STARTED');
      const result = await live.wait(action.id, async (signal) => {
        const job = jobOf(execution, stageName, declaration, action, signal);
        return { result: await perform(providers, declaration, job, unknown), by: ENGINE };
      });
      if (result) finish(executionId, stageName, declaration, action.id, result);
    },
    abandon(executionId, stageName, as) {
      const execution = store.execution(executionId);
      const underWay = execution && runOf(execution, stageName)?.actions.filter(isUnderWay);
      for (const { id } of underWay ?? []) {
        const changed = change(executionId, stageName, id, (action) => {
          return { ...action, status: 'Abandoned', updatedMs: now(), token: undefined };
        });
        if (changed) announce.action(changed.execution, stageName, changed.action, as);
        live.end(id);
      }
    },
    end: live.end,
    close: live.close,
  };

  function begun(execution: ExecutionRecord, stageName: string, declaration: ActionDeclaration) {
    const { configuration, unknown } = resolved(declaration.configuration, knownTo(execution));
    const run = runOf(execution, stageName);
    const pipeline = store.pipeline(execution.pipelineName);
    const bucket = pipeline ? currentOf(pipeline).artifactStore.location : '';
    const startedMs = now();
    const token = isApproval(declaration) ? crypto.randomUUID() : undefined;
    const action: ActionRun = {
      id: crypto.randomUUID(),
      order: store.nextOrder(),
      name: declaration.name,
      declaration,
      attempt: run ? attemptOf(run) : 0,
      status: 'InProgress',
      startedMs,
      updatedMs: startedMs,
      updatedBy: ENGINE,
      resolvedConfiguration: configuration,
      inputArtifacts: declaration.inputArtifacts.flatMap(({ name }) => execution.artifacts[name] ?? []),
      outputArtifacts: declaration.outputArtifacts.map(({ name }) => {
        return { name, bucket, key: keyOf(execution.pipelineName, name) };
      }),
      ...(token !== undefined && { token, externalExecutionId: token }),
    };
    return { action, unknown };
  }

  function jobOf(
    execution: ExecutionRecord,
    stageName: string,
    declaration: ActionDeclaration,
    action: ActionRun,
    signal: AbortSignal,
  ): ActionJob {
    return {
      id: action.id,
      pipelineName: execution.pipelineName,
      pipelineExecutionId: execution.id,
      stageName,
      actionName: action.name,
      configuration: action.resolvedConfiguration,
      inputArtifacts: action.inputArtifacts,
      outputArtifacts: action.outputArtifacts,
      sourceRevision: execution.overrides[declaration.name] ?? null,
      signal,
      started: (external) => {
        if (!signal.aborted) change(execution.id, stageName, action.id, (each) => ({ ...each, ...external }));
      },
    };
  }

  function finish(
    executionId: string,
    stageName: string,
    declaration: ActionDeclaration,
    actionId: string,
    { result, by }: Ended,
  ): void {
    const changed = change(
      executionId,
      stageName,
      actionId,
      (action) => endedAction(action, result, by, now()),
      (execution, action) => withOutputs(execution, declaration, action, result),
    );
    if (changed) announce.action(changed.execution, stageName, changed.action, stateOf(result));
  }

  /** Only of what is under way, and in one write. */
  function change(
    executionId: string,
    stageName: string,
    actionId: string,
    how: (action: ActionRun) => ActionRun,
    then: (execution: ExecutionRecord, action: ActionRun) => ExecutionRecord = (execution) => execution,
  ): { readonly execution: ExecutionRecord; readonly action: ActionRun } | undefined {
    const before = store.execution(executionId);
    const action = before && runOf(before, stageName)?.actions.find(({ id }) => id === actionId);
    if (!before || !action || !isUnderWay(action)) return undefined;
    const after = how(action);
    const changed = { ...withAction(before, stageName, actionId, () => after), updatedMs: now() };
    const execution = then(changed, after);
    store.putExecution(execution);
    return { execution, action: after };
  }
}

export function isUnderWay({ status }: ActionRun): boolean {
  return status === 'InProgress';
}

function knownTo(execution: ExecutionRecord): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    ...execution.outputVariables,
    variables: execution.variables,
    codepipeline: { PipelineExecutionId: execution.id },
  };
}

/** As AWS cuts them. */
function keyOf(pipelineName: string, artifactName: string): string {
  return `${pipelineName.slice(0, 20)}/${artifactName.slice(0, 10)}/${crypto.randomUUID().slice(0, 8)}`;
}

function stateOf({ status }: ActionResult): 'SUCCEEDED' | 'FAILED' {
  return status === 'Failed' ? 'FAILED' : 'SUCCEEDED';
}

import type { ActionResult } from './action.ts';
import { isUnderWay as isActionUnderWay } from './actions.ts';
import { ended, withActions } from './change.ts';
import type { Engine } from './engine.ts';
import type { ExecutionRecord } from './records.ts';
import { isUnderWay, stageOf } from './stages.ts';
import { hasEnded, type Store } from './store.ts';

const INTERRUPTED: ActionResult = {
  status: 'Failed',
  code: 'SystemUnavailable',
  message: 'The sandbox was stopped while this action ran. What it had begun outside may have gone on.',
};

/** The executions that were in a stage when an earlier process was stopped. Ask before anything starts. */
export function interruptedIn(store: Store): readonly string[] {
  return store
    .pipelines()
    .flatMap(({ name }) => store.executions(name))
    .filter((execution) => !hasEnded(execution) && execution.stages.some(isUnderWay))
    .map(({ id }) => id);
}

/** Their actions have failed, and the stage goes on as after any failure. */
export function recover(
  { store, engine, now }: { readonly store: Store; readonly engine: Engine; readonly now: () => number },
  executionId: string,
): void {
  const execution = store.execution(executionId);
  const pipeline = execution && store.pipeline(execution.pipelineName);
  if (!execution || !pipeline) return;
  for (const { name } of execution.stages.filter(isUnderWay)) {
    const stage = stageOf(pipeline, name);
    store.putExecution(withInterrupted(store.execution(executionId) ?? execution, name, now()));
    if (stage) engine.leave(executionId, stage);
  }
}

function withInterrupted(execution: ExecutionRecord, stageName: string, nowMs: number): ExecutionRecord {
  return withActions(execution, stageName, (actions) =>
    actions.map((action) =>
      isActionUnderWay(action) ? ended(action, INTERRUPTED, action.updatedBy, nowMs) : action,
    ),
  );
}

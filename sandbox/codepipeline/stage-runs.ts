import type { Actions } from './actions.ts';
import { isUnderWay as isActionUnderWay } from './actions.ts';
import type { ActionDeclaration, RetryMode, StageDeclaration } from './declaration.ts';
import type { ExecutionRecord, StageRun } from './records.ts';
import { attemptOf, isUnderWay, latestActions, runOf } from './stages.ts';
import type { Store } from './store.ts';
import { byRunOrder } from './structure.ts';

/**
 * Runs the actions of a stage, those of the same `runOrder` at once. After a failure, or when the execution is to stop, no
 * further ones begin. `false` when it is not this run that ends the stage: somebody stopped, cancelled or removed it.
 */
export async function runActions(
  { store, actions }: { readonly store: Store; readonly actions: Actions },
  execution: ExecutionRecord,
  stage: StageDeclaration,
  wanted: readonly ActionDeclaration[],
): Promise<boolean> {
  const before = runOf(execution, stage.name);
  for (const group of groupsOf(wanted)) {
    await Promise.all(group.map((each) => actions.run(execution.id, stage.name, each)));
    const now = store.execution(execution.id);
    const run = now && runOf(now, stage.name);
    if (!run || !before || !isUnderWay(run) || attemptOf(run) !== attemptOf(before)) return false;
    if (run.actions.some(isActionUnderWay)) return false;
    if (run.status === 'Stopping' || latestActions(run).some(({ status }) => status === 'Failed')) break;
  }
  return true;
}

/** Every action of the stage has succeeded, in this attempt or, where it need not be repeated, in an earlier one. */
export function isComplete(run: StageRun, stage: StageDeclaration): boolean {
  const latest = latestActions(run);
  return stage.actions.every(({ name }) =>
    latest.some((action) => action.name === name && action.status === 'Succeeded'),
  );
}

export function actionsToRetry(
  run: StageRun,
  stage: StageDeclaration,
  mode: RetryMode,
): readonly ActionDeclaration[] {
  const latest = latestActions(run);
  return stage.actions.filter(
    ({ name }) =>
      mode === 'ALL_ACTIONS' || latest.find((action) => action.name === name)?.status !== 'Succeeded',
  );
}

function groupsOf(wanted: readonly ActionDeclaration[]): readonly (readonly ActionDeclaration[])[] {
  const orders = [...new Set([...wanted].sort(byRunOrder).map(({ runOrder }) => runOrder))];
  return orders.map((order) => wanted.filter(({ runOrder }) => runOrder === order));
}

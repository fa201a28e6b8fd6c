import type { Actions } from './actions.ts';
import type { Announce } from './announce.ts';
import { withStage } from './change.ts';
import type { Endings } from './endings.ts';
import type { ExecutionRecord } from './records.ts';
import { isUnderWay } from './stages.ts';
import { hasEnded, type Store } from './store.ts';

interface Needs {
  readonly store: Store;
  readonly actions: Actions;
  readonly announce: Announce;
  readonly endings: Endings;
}

/** The execution is Stopping then, or Stopped when it was in no stage. With `abandon` nothing of it is under way any more. */
export function stop(
  { actions, announce, endings }: Needs,
  execution: ExecutionRecord,
  how: 'wait' | 'abandon',
  reason: string | undefined,
): void {
  const run = execution.stages.find(isUnderWay);
  const stopping = run && { ...run, status: 'Stopping' as const };
  const changed = endings.put({
    ...(stopping ? withStage(execution, stopping) : execution),
    status: 'Stopping',
    stopReason: reason ?? execution.stopReason,
    waitsFor: undefined,
  });
  if (execution.status !== 'Stopping') announce.pipeline(changed, 'STOPPING');
  if (execution.status !== 'Stopping' && stopping) announce.stage(changed, stopping, 'STOPPING');
  if (!run) endings.endExecution(changed, 'Stopped', 'STOPPED');
  else if (how === 'abandon') actions.abandon(execution.id, run.name, 'ABANDONED');
}

/** Ends everything that is under way in the pipeline as it was. */
export function cancelAll({ store, actions, endings }: Needs, pipelineName: string): void {
  for (const execution of store.executions(pipelineName).filter((each) => !hasEnded(each))) {
    for (const run of execution.stages.filter(isUnderWay)) {
      actions.abandon(execution.id, run.name, 'CANCELED');
      endings.endStage(execution.id, run.name, 'Cancelled', 'CANCELED');
    }
    const last = store.execution(execution.id) ?? execution;
    const statusSummary = 'The definition of the pipeline was updated.';
    endings.endExecution({ ...last, statusSummary }, 'Cancelled', 'CANCELED');
  }
}

import type { Actions } from './actions.ts';
import type { Announce } from './announce.ts';
import { withStage } from './change.ts';
import type { Endings } from './endings.ts';
import type { ExecutionRecord } from './records.ts';
import { isUnderWay } from './stages.ts';
import { hasEnded, type Store } from './store.ts';

const UPDATED = 'The definition of the pipeline was updated.';

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
  const stopReason = reason ?? execution.stopReason;
  const run = execution.stages.find(isUnderWay);
  if (!run) {
    announce.pipeline({ ...execution, stopReason }, 'STOPPING');
    endings.endExecution({ ...execution, stopReason }, 'Stopped');
    return;
  }
  const stopping = { ...run, status: 'Stopping' as const };
  const changed = endings.put({ ...withStage(execution, stopping), status: 'Stopping', stopReason });
  if (execution.status !== 'Stopping') {
    announce.pipeline(changed, 'STOPPING');
    announce.stage(changed, stopping, 'STOPPING');
  }
  if (how === 'abandon') actions.abandon(execution.id, run.name, 'ABANDONED');
}

/** Ends everything that is under way in the pipeline as it was. */
export function cancelAll({ store, actions, endings }: Needs, pipelineName: string): void {
  for (const execution of store.executions(pipelineName).filter((each) => !hasEnded(each))) {
    const run = execution.stages.find(isUnderWay);
    if (!run) endings.endExecution(execution, 'Cancelled', UPDATED);
    else {
      actions.abandon(execution.id, run.name, 'CANCELED');
      const onward = { status: 'Cancelled', statusSummary: UPDATED } as const;
      endings.endStage(execution.id, run.name, 'Cancelled', onward);
    }
  }
}

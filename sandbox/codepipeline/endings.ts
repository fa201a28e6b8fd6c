import type { Announce } from './announce.ts';
import { withStage } from './change.ts';
import type { ExecutionRecord, ExecutionStatus, StageStatus } from './records.ts';
import { runOf } from './stages.ts';
import type { Store } from './store.ts';

type EndState = 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'CANCELED';

/** How what is under way changes and ends: stored first, then told. */
export interface Endings {
  put(execution: ExecutionRecord): ExecutionRecord;
  /** `undefined` when the execution never was in the stage, or is no more. */
  endStage(
    executionId: string,
    stageName: string,
    status: StageStatus,
    state: EndState,
  ): ExecutionRecord | undefined;
  endExecution(execution: ExecutionRecord, status: ExecutionStatus, state: EndState | 'SUPERSEDED'): void;
}

export function openEndings(options: {
  readonly store: Store;
  readonly announce: Announce;
  readonly now: () => number;
}): Endings {
  const { store, announce, now } = options;
  const put = (execution: ExecutionRecord): ExecutionRecord => {
    const changed = { ...execution, updatedMs: now() };
    store.putExecution(changed);
    return changed;
  };
  return {
    put,
    endStage(executionId, stageName, status, state) {
      const before = store.execution(executionId);
      const run = before && runOf(before, stageName);
      if (!before || !run) return undefined;
      const ended = { ...run, status };
      const execution = put(withStage(before, ended));
      announce.stage(execution, ended, state);
      return execution;
    },
    endExecution(execution, status, state) {
      announce.pipeline(put({ ...execution, status, waitsFor: undefined }), state);
    },
  };
}

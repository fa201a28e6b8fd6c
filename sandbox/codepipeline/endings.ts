import type { Announce } from './announce.ts';
import { withStage } from './change.ts';
import type { ExecutionRecord, ExecutionStatus, StageStatus } from './records.ts';
import { runOf } from './stages.ts';
import { hasEnded, type Store } from './store.ts';

/** Where the execution goes from the stage: before the next one, or to its end. */
export interface Onward {
  readonly status: ExecutionStatus;
  readonly statusSummary?: string;
  readonly waitsFor?: string;
}

/** How what is under way changes and ends. Each change is one write, so that a kill finds no half of it; then it is told. */
export interface Endings {
  put(execution: ExecutionRecord): ExecutionRecord;
  endStage(executionId: string, stageName: string, status: EndStatus, onward: Onward): void;
  endExecution(execution: ExecutionRecord, status: keyof typeof STATES, statusSummary?: string): void;
}

type EndStatus = Exclude<StageStatus, 'InProgress' | 'Stopping'>;

/** How events name them. */
const STATES = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  Cancelled: 'CANCELED',
  Superseded: 'SUPERSEDED',
} as const;

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
  const tellEnd = (execution: ExecutionRecord) => {
    const { status } = execution;
    if (status !== 'InProgress' && status !== 'Stopping') announce.pipeline(execution, STATES[status]);
  };
  return {
    put,
    endStage(executionId, stageName, status, { statusSummary, waitsFor, ...onward }) {
      const before = store.execution(executionId);
      const run = before && runOf(before, stageName);
      if (!before || !run) return;
      const ended = { ...run, status };
      const execution = put({ ...withStage(before, ended), ...onward, statusSummary, waitsFor });
      announce.stage(execution, ended, STATES[status]);
      tellEnd(execution);
    },
    endExecution(execution, status, statusSummary) {
      if (!hasEnded(execution)) tellEnd(put({ ...execution, status, statusSummary, waitsFor: undefined }));
    },
  };
}

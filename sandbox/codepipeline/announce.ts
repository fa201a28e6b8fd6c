import type { Emit } from '../aws/events.ts';
import type { Truth } from '../truth.ts';
import {
  type ActionState,
  actionStateChange,
  type PipelineState,
  pipelineStateChange,
  type StageState,
  sometimesTwice,
  stageStateChange,
} from './events.ts';
import type { ActionRun, ExecutionRecord, StageRun } from './records.ts';
import { isUnderWay } from './stages.ts';

/** Tells EventBridge what changed, and the truth log how a stage ended. */
export interface Announce {
  pipeline(execution: ExecutionRecord, state: PipelineState): void;
  stage(execution: ExecutionRecord, stage: StageRun, state: StageState): void;
  action(execution: ExecutionRecord, stageName: string, action: ActionRun, state: ActionState): void;
}

export function announcer(emitOnce: Emit, truth: Truth): Announce {
  const emit = sometimesTwice(emitOnce);
  return {
    pipeline: (execution, state) => emit(pipelineStateChange(execution, state)),
    stage(execution, stage, state) {
      const { pipelineName: pipeline, id } = execution;
      if (!isUnderWay(stage))
        truth('pipeline-stage', { pipeline, execution: id, stage: stage.name, status: stage.status });
      emit(stageStateChange(execution, stage, state));
    },
    action: (execution, stageName, action, state) =>
      emit(actionStateChange(execution, stageName, action, state)),
  };
}

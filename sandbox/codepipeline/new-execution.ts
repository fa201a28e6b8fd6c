import type { ExecutionRecord, PipelineRecord, TriggerType } from './records.ts';
import { currentOf } from './stages.ts';

export interface Trigger {
  readonly type: TriggerType;
  readonly detail: string;
}

interface Beginning {
  readonly order: number;
  readonly startedMs: number;
  readonly trigger: Trigger;
}

export interface Inputs {
  readonly variables: ExecutionRecord['variables'];
  readonly overrides: ExecutionRecord['overrides'];
  readonly clientToken?: string | undefined;
}

/** It stands before the first stage. */
export function standardExecution(
  pipeline: PipelineRecord,
  beginning: Beginning,
  inputs: Inputs,
): ExecutionRecord {
  return {
    ...common(pipeline, beginning),
    ...inputs,
    type: 'STANDARD',
    sourceRevisions: [],
    artifacts: {},
    outputVariables: {},
    waitsFor: currentOf(pipeline).stages[0]?.name,
  };
}

/** It runs one stage, with what the target had. */
export function rollbackExecution(
  pipeline: PipelineRecord,
  beginning: Beginning,
  target: ExecutionRecord,
): ExecutionRecord {
  const { variables, overrides, sourceRevisions, artifacts, outputVariables } = target;
  return {
    ...common(pipeline, beginning),
    ...{ variables, overrides, sourceRevisions, artifacts, outputVariables },
    type: 'ROLLBACK',
    targetId: target.id,
  };
}

function common(pipeline: PipelineRecord, { order, startedMs, trigger }: Beginning) {
  const { version, executionMode: mode } = currentOf(pipeline);
  return {
    id: crypto.randomUUID(),
    order,
    pipelineName: pipeline.name,
    version,
    mode,
    status: 'InProgress',
    startedMs,
    updatedMs: startedMs,
    trigger,
    stages: [],
  } as const;
}

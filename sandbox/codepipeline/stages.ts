import type { PipelineDeclaration, StageDeclaration } from './declaration.ts';
import type { ActionRun, ExecutionRecord, PipelineRecord, StageRun } from './records.ts';

/** What the records tell of stages: which is taken, who comes next, who gives way. */

export function currentOf({ declarations }: PipelineRecord): PipelineDeclaration {
  const current = declarations.at(-1);
  if (!current) throw new Error('A pipeline without a declaration was stored.');
  return current;
}

export function stageOf(pipeline: PipelineRecord, stageName: string): StageDeclaration | undefined {
  return currentOf(pipeline).stages.find(({ name }) => name === stageName);
}

export function isUnderWay(stage: StageRun): boolean {
  return stage.status === 'InProgress' || stage.status === 'Stopping';
}

export function runOf(execution: ExecutionRecord, stageName: string): StageRun | undefined {
  return execution.stages.find(({ name }) => name === stageName);
}

/** The executions that are in the stage. At most one, but in PARALLEL mode. */
export function inStage(executions: readonly ExecutionRecord[], stageName: string): ExecutionRecord[] {
  return executions.filter((each) => {
    const run = runOf(each, stageName);
    return run !== undefined && isUnderWay(run);
  });
}

/** Those that stand before the stage, the oldest first. */
export function waitingFor(executions: readonly ExecutionRecord[], stageName: string): ExecutionRecord[] {
  return executions
    .filter((each) => each.status === 'InProgress' && each.waitsFor === stageName)
    .sort((a, b) => a.order - b.order);
}

/** Who came into the stage last, whatever became of it. */
export function latestIn(
  executions: readonly ExecutionRecord[],
  stageName: string,
): ExecutionRecord | undefined {
  return executions
    .flatMap((execution) => {
      const run = runOf(execution, stageName);
      return run ? [{ execution, order: run.order }] : [];
    })
    .sort((a, b) => b.order - a.order)[0]?.execution;
}

/** The next execution that may go into a stage. A disabled transition holds up, and so does whoever is in the stage. */
export function nextEntry(
  pipeline: PipelineRecord,
  executions: readonly ExecutionRecord[],
): { readonly execution: ExecutionRecord; readonly stage: StageDeclaration } | undefined {
  for (const stage of currentOf(pipeline).stages) {
    const [execution] = waitingFor(executions, stage.name);
    const isFree = execution?.mode === 'PARALLEL' || inStage(executions, stage.name).length === 0;
    const isEnabled = pipeline.transitions[stage.name]?.enabled ?? true;
    if (execution && isFree && isEnabled) return { execution, stage };
  }
  return undefined;
}

/** In SUPERSEDED mode only the newest one waits. */
export function supersededBefore(
  executions: readonly ExecutionRecord[],
  stageName: string,
): readonly ExecutionRecord[] {
  return waitingFor(executions, stageName)
    .filter(({ mode }) => mode === 'SUPERSEDED')
    .slice(0, -1);
}

/** The last execution of each action, of any attempt. */
export function latestActions(stage: StageRun): readonly ActionRun[] {
  return [...new Map(stage.actions.map((action) => [action.name, action])).values()];
}

export function attemptOf({ retries }: StageRun): number {
  return retries.automatic + retries.manual;
}

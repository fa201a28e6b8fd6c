import type { Actions } from './actions.ts';
import type { Announce } from './announce.ts';
import type { StageDeclaration } from './declaration.ts';
import type { Endings } from './endings.ts';
import type { Engine } from './engine.ts';
import { executionNotFound, pipelineNotFound, stageNotFound } from './errors.ts';
import type { Jobs } from './jobs.ts';
import type { ExecutionRecord, PipelineRecord } from './records.ts';
import { stageOf } from './stages.ts';
import type { Store } from './store.ts';

/** What the operations of the API work with. */
export interface Context {
  readonly store: Store;
  readonly actions: Actions;
  readonly announce: Announce;
  readonly endings: Endings;
  readonly engine: Engine;
  readonly jobs: Jobs;
  /** `category/provider` */
  readonly providers: ReadonlySet<string>;
  readonly now: () => number;
}

/** Throws PipelineNotFoundException. */
export function pipelineNamed({ store }: Context, name: string): PipelineRecord {
  const found = store.pipeline(name);
  if (!found) throw pipelineNotFound(name);
  return found;
}

/** Throws StageNotFoundException. */
export function stageNamed(pipeline: PipelineRecord, stageName: string): StageDeclaration {
  const found = stageOf(pipeline, stageName);
  if (!found) throw stageNotFound(pipeline.name, stageName);
  return found;
}

/** Throws PipelineExecutionNotFoundException. */
export function executionNamed({ store }: Context, pipelineName: string, id: string): ExecutionRecord {
  const found = store.execution(id);
  if (found?.pipelineName !== pipelineName) throw executionNotFound(pipelineName, id);
  return found;
}

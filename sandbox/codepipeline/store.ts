import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { documentAt } from '../state.ts';
import type { ExecutionRecord, PipelineRecord } from './records.ts';

/** Every pipeline and execution, in memory and, before anybody hears of a change, on disk. */
export interface Store {
  /** In the order of their names. */
  pipelines(): readonly PipelineRecord[];
  pipeline(name: string): PipelineRecord | undefined;
  putPipeline(pipeline: PipelineRecord): void;
  /** With its executions. */
  removePipeline(name: string): void;
  /** The newest first. */
  executions(pipelineName: string): readonly ExecutionRecord[];
  execution(id: string): ExecutionRecord | undefined;
  /** The oldest one that has ended gives way when there are too many. */
  putExecution(execution: ExecutionRecord): void;
  /** Greater than every order that was given before. */
  nextOrder(): number;
}

/** AWS keeps them for twelve months. */
const MOST_EXECUTIONS_KEPT = 500;

export function openStore(directory: string): Store {
  const pipelines = new Map(
    readAll<PipelineRecord>(join(directory, 'pipelines')).map((each) => [each.name, each]),
  );
  const executions = new Map(
    readAll<ExecutionRecord>(join(directory, 'executions')).map((each) => [each.id, each]),
  );
  const pipelinePath = (name: string) => join(directory, 'pipelines', `${digest(name)}.json`);
  const executionPath = (id: string) => join(directory, 'executions', `${id}.json`);
  let lastOrder = Math.max(0, ...[...executions.values()].flatMap(ordersIn));

  const ofPipeline = (name: string) =>
    [...executions.values()]
      .filter(({ pipelineName }) => pipelineName === name)
      .sort((a, b) => b.order - a.order);
  const removeExecution = ({ id }: ExecutionRecord) => {
    executions.delete(id);
    rmSync(executionPath(id), { force: true });
  };
  return {
    pipelines: () => [...pipelines.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    pipeline: (name) => pipelines.get(name),
    putPipeline(pipeline) {
      documentAt<PipelineRecord | undefined>(pipelinePath(pipeline.name), undefined).write(pipeline);
      pipelines.set(pipeline.name, pipeline);
    },
    removePipeline(name) {
      pipelines.delete(name);
      rmSync(pipelinePath(name), { force: true });
      ofPipeline(name).forEach(removeExecution);
    },
    executions: ofPipeline,
    execution: (id) => executions.get(id),
    putExecution(execution) {
      documentAt<ExecutionRecord | undefined>(executionPath(execution.id), undefined).write(execution);
      const isNew = !executions.has(execution.id);
      executions.set(execution.id, execution);
      const kept = isNew ? ofPipeline(execution.pipelineName) : [];
      const surplus = kept.length > MOST_EXECUTIONS_KEPT ? kept.findLast(hasEnded) : undefined;
      if (surplus) removeExecution(surplus);
    },
    nextOrder: () => {
      lastOrder += 1;
      return lastOrder;
    },
  };
}

export function hasEnded({ status }: ExecutionRecord): boolean {
  return status !== 'InProgress' && status !== 'Stopping';
}

function ordersIn({ order, stages }: ExecutionRecord): number[] {
  return [order, ...stages.flatMap((stage) => [stage.order, ...stage.actions.map((action) => action.order)])];
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** Drafts that a kill left have no `.json`. */
function readAll<T>(folder: string): readonly T[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => documentAt<T | undefined>(join(folder, file), undefined).read())
      .filter((record) => record !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

import {
  type ActionExecutionDetail,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  type PipelineExecution,
  type PipelineExecutionFilter,
  type PipelineExecutionSummary,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import type { Pipeline } from './target.ts';

const MOST_PAGES = 20;
/** A drill is followed by few executions. */
const FEW = 20;
const MANY = 100;

/** `undefined` when there is no such pipeline. */
export async function declarationOf({
  codePipeline,
  target,
}: Pipeline): Promise<PipelineDeclaration | undefined> {
  try {
    return (await codePipeline.send(new GetPipelineCommand({ name: target.pipeline }))).pipeline;
  } catch (error) {
    if ((error as Error).name === 'PipelineNotFoundException') return undefined;
    throw error;
  }
}

export async function stagesOf({ codePipeline, target }: Pipeline): Promise<readonly StageState[]> {
  const { stageStates } = await codePipeline.send(new GetPipelineStateCommand({ name: target.pipeline }));
  return stageStates ?? [];
}

export async function executionOf(
  { codePipeline, target }: Pipeline,
  pipelineExecutionId: string,
): Promise<PipelineExecution> {
  const { pipelineExecution } = await codePipeline.send(
    new GetPipelineExecutionCommand({ pipelineName: target.pipeline, pipelineExecutionId }),
  );
  return pipelineExecution ?? {};
}

/** Every execution of every action, those of earlier attempts too, the newest last. */
export async function actionsOf(
  { codePipeline, target }: Pipeline,
  pipelineExecutionId: string,
): Promise<readonly ActionExecutionDetail[]> {
  const request = { pipelineName: target.pipeline, filter: { pipelineExecutionId }, maxResults: MANY };
  const found: ActionExecutionDetail[] = [];
  let nextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const listed = await codePipeline.send(
      new ListActionExecutionsCommand({ ...request, ...(nextToken ? { nextToken } : {}) }),
    );
    found.push(...(listed.actionExecutionDetails ?? []));
    nextToken = listed.nextToken;
    if (!nextToken) break;
  }
  return found.toSorted((a, b) => timeOf(a.startTime) - timeOf(b.startTime));
}

/** The newest first: those that may still be under way. */
export async function newestExecutions(pipeline: Pipeline): Promise<readonly PipelineExecutionSummary[]> {
  return (await history(pipeline).next()).value ?? [];
}

/** Those that started after it, the newest first. Throws when it cannot be told where they begin. */
export async function executionsAfter(
  pipeline: Pipeline,
  executionId: string,
): Promise<readonly PipelineExecutionSummary[]> {
  const newer: PipelineExecutionSummary[] = [];
  for await (const page of pagesOfExecutions(pipeline, FEW)) {
    const at = page.findIndex(({ pipelineExecutionId }) => pipelineExecutionId === executionId);
    newer.push(...(at === -1 ? page : page.slice(0, at)));
    if (at !== -1) return newer;
  }
  throw new Error(
    `CodePipeline does not tell of execution ${executionId} of ${pipeline.target.pipeline} among the newest ${newer.length}; a drill looks at no more than ${MOST_PAGES * FEW} after it`,
  );
}

/** The newest first, 100 in a page; ends after 2000, whatever there is more. */
export function history(
  pipeline: Pipeline,
  filter?: PipelineExecutionFilter,
): AsyncGenerator<readonly PipelineExecutionSummary[]> {
  return pagesOfExecutions(pipeline, MANY, filter);
}

export function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}

async function* pagesOfExecutions(
  { codePipeline, target }: Pipeline,
  maxResults: number,
  filter?: PipelineExecutionFilter,
): AsyncGenerator<readonly PipelineExecutionSummary[]> {
  const request = { pipelineName: target.pipeline, maxResults, ...(filter ? { filter } : {}) };
  let nextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const listed = await codePipeline.send(
      new ListPipelineExecutionsCommand({ ...request, ...(nextToken ? { nextToken } : {}) }),
    );
    yield listed.pipelineExecutionSummaries ?? [];
    nextToken = listed.nextToken;
    if (!nextToken) return;
  }
}

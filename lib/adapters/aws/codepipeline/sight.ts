import type {
  ActionExecutionDetail,
  PipelineExecutionSummary,
  StageState,
} from '@aws-sdk/client-codepipeline';
import type { TargetContext } from '../../../ports/target.ts';
import { isUnderWay } from './checks.ts';
import { knownBadAmong } from './deploy.ts';
import { hasInputs, healthyExecutionOf, told } from './inputs.ts';
import { actionsOf, executionsAfter, stagesOf } from './read.ts';
import { capturedPipelineOf } from './service.ts';
import type { Pipeline } from './target.ts';

/** What CodePipeline shows of the executions that are younger than the drill. */
export interface Sight {
  readonly stages: readonly StageState[];
  /** The deploy stage. */
  readonly stage: StageState;
  /** The newest first. */
  readonly newer: readonly PipelineExecutionSummary[];
  readonly knownBad: PipelineExecutionSummary | undefined;
  /** Those of the known-bad execution, the newest last. */
  readonly actions: readonly ActionExecutionDetail[];
  /** Executions that release what was captured: rollbacks of the stage to it, and the same once more. The newest first. */
  readonly backs: readonly Back[];
}

export interface Back {
  readonly summary: PipelineExecutionSummary;
  /** Whether it has come to the deploy stage. */
  readonly isInStage: boolean;
}

/** Reads side by side. Once the known-bad execution is known, nothing has to wait for another answer until there is a rollback. */
export async function look(pipeline: Pipeline, context: TargetContext): Promise<Sight> {
  const { captured, knownBad: release, deployed } = context;
  const id = deployed?.deployment;
  const since = capturedPipelineOf(captured).newestExecution;
  const [stages, listed, early] = await Promise.all([
    stagesOf(pipeline),
    executionsAfter(pipeline, since),
    id ? actionsOf(pipeline, id) : null,
  ]);
  const stage = stages.find(({ stageName }) => stageName === pipeline.target.stage);
  if (!stage)
    throw new Error(
      `CodePipeline does not tell of stage ${pipeline.target.stage} in ${pipeline.target.pipeline}`,
    );
  // An execution that came into the stage between these reads would be nobody's.
  const isTold = [...listed, { pipelineExecutionId: since }].some(
    ({ pipelineExecutionId }) => pipelineExecutionId === runnerOf({ stage }),
  );
  const newer = runnerOf({ stage }) === undefined || isTold ? listed : await executionsAfter(pipeline, since);
  const knownBad = id
    ? newer.find(({ pipelineExecutionId }) => pipelineExecutionId === id)
    : (await knownBadAmong(pipeline, newer, release))?.summary;
  const [actions, backs] = await Promise.all([
    early ?? (knownBad ? actionsOf(pipeline, knownBad.pipelineExecutionId ?? '') : []),
    backsAmong(
      pipeline,
      context,
      stage,
      newer.filter((summary) => summary !== knownBad),
    ),
  ]);
  return { stages, stage, newer, knownBad, actions, backs };
}

/** Actions of the deploy stage. */
export function ofStage(
  { stage }: Pick<Sight, 'stage'>,
  actions: readonly ActionExecutionDetail[],
): readonly ActionExecutionDetail[] {
  return actions.filter(({ stageName }) => stageName === stage.stageName);
}

/** Whoever is in the deploy stage now. */
export function runnerOf({ stage: { latestExecution } }: Pick<Sight, 'stage'>): string | undefined {
  return isUnderWay(latestExecution?.status) ? latestExecution?.pipelineExecutionId : undefined;
}

/** Whether the known-bad execution got through the deploy stage. */
export function hasDeployed({ stage, actions, knownBad }: Sight): boolean {
  const { latestExecution, actionStates = [] } = stage;
  if (latestExecution && latestExecution.pipelineExecutionId === knownBad?.pipelineExecutionId)
    return latestExecution.status === 'Succeeded';
  const own = ofStage({ stage }, actions);
  const last = actionStates.map(({ actionName }) => own.findLast((run) => run.actionName === actionName));
  return last.length > 0 && last.every((run) => run?.status === 'Succeeded');
}

async function backsAmong(
  pipeline: Pipeline,
  { captured }: TargetContext,
  stage: StageState,
  others: readonly PipelineExecutionSummary[],
): Promise<readonly Back[]> {
  const healthy = healthyExecutionOf(captured);
  const all = await Promise.all(
    others.map(async (summary) => {
      const isRollback = summary.executionType === 'ROLLBACK';
      const isBack = isRollback
        ? targetOf(summary) === healthy.id
        : hasInputs(await told(pipeline, summary), healthy);
      if (!isBack) return [];
      const runs = stage.latestExecution?.pipelineExecutionId === summary.pipelineExecutionId;
      const actions = runs ? [] : await actionsOf(pipeline, summary.pipelineExecutionId ?? '');
      const isInStage = runs || ofStage({ stage }, actions).length > 0;
      // A rollback runs one stage only: one that has come to another is none of this one.
      return isRollback && !isInStage && actions.length > 0 ? [] : [{ summary, isInStage }];
    }),
  );
  return all.flat();
}

export function targetOf({ rollbackMetadata }: PipelineExecutionSummary): string | undefined {
  return rollbackMetadata?.rollbackTargetPipelineExecutionId;
}

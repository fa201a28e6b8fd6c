import { type PipelineExecutionSummary, RollbackStageCommand } from '@aws-sdk/client-codepipeline';
import type { Captured } from '../../../drill/entry.ts';
import { PathNotApplicable, TransientFault } from '../../../drill/errors.ts';
import type { PathName } from '../../../drill/path.ts';
import type { RollbackAccepted, TargetContext } from '../../../ports/target.ts';
import { unlessRefused } from '../ecs/rollback.ts';
import { isUnderWay } from './checks.ts';
import { healthyExecutionOf, healthyInputs } from './inputs.ts';
import { rollBackService, serviceCommand } from './service-paths.ts';
import { hasDeployed, look, type Sight } from './sight.ts';
import { start, startCommand } from './start.ts';
import { stop, stopCommand, untilOver } from './stop.ts';
import type { Pipeline } from './target.ts';

/**
 * Resolves when the call was accepted. What has not left the deploy stage is stopped first: the stage cannot be rolled back
 * while it runs, and what goes on would be deployed later. Throws `TransientFault` when it is not known whether the call was
 * accepted.
 */
export async function rollBack(
  pipeline: Pipeline,
  path: PathName,
  context: TargetContext,
): Promise<RollbackAccepted> {
  if (path === 'automatic')
    throw new PathNotApplicable('an automatic rollback is the target’s own; it cannot be called');
  const sight = await look(pipeline, context).catch(unlessRefused);
  const earlier = earlierCall(path, sight);
  if (earlier !== undefined) return accepted(context.captured, earlier);
  const inTheWay = inTheWayOf(sight);
  await Promise.all(inTheWay.map((id) => stop(pipeline, id)));
  if (path === 'codepipeline-rollback-stage') await untilFree(pipeline, inTheWay);
  const [made] = await Promise.all([
    call(pipeline, path, context, sight),
    stopBeside(pipeline, sight, inTheWay),
  ]);
  return made;
}

/** A stop that is not needed any more is refused, and does no harm. */
export function rollbackCommand(pipeline: Pipeline, path: PathName, context: TargetContext): string {
  if (path === 'automatic') return '# the target rolls itself back';
  const { captured, deployed } = context;
  const stopping = deployed ? [stopCommand(pipeline, deployed.deployment)] : [];
  const { pipeline: name, stage } = pipeline.target;
  const call =
    path === 'codepipeline-rollback-stage'
      ? `aws codepipeline rollback-stage --pipeline-name ${name} --stage-name ${stage} --target-pipeline-execution-id ${healthyExecutionOf(captured).id}`
      : path === 'codepipeline-redeploy'
        ? startCommand(pipeline, healthyInputs(captured))
        : serviceCommand(pipeline, path, context);
  return [...stopping, call].join('; ');
}

/** The execution that an earlier call of the same path has started, whatever became of its answer. */
function earlierCall(path: PathName, { backs, newer, knownBad }: Sight): string | undefined {
  const wanted = TYPE_OF_EXECUTION[path];
  const since = new Set(knownBad ? newer.slice(0, newer.indexOf(knownBad)) : newer);
  const isOurs = ({ executionType = 'STANDARD', trigger }: PipelineExecutionSummary): boolean =>
    executionType === wanted && trigger?.triggerType !== 'AutomatedRollback';
  return backs.find(({ summary }) => since.has(summary) && isOurs(summary))?.summary.pipelineExecutionId;
}

const TYPE_OF_EXECUTION: { readonly [Path in PathName]?: 'ROLLBACK' | 'STANDARD' } = {
  'codepipeline-rollback-stage': 'ROLLBACK',
  'codepipeline-redeploy': 'STANDARD',
};

/** The known-bad execution, and ways back that were given up, unless the deploy stage is behind them. */
function inTheWayOf(sight: Sight): readonly string[] {
  const { knownBad, backs, stage } = sight;
  const isThrough = ({ pipelineExecutionId }: PipelineExecutionSummary): boolean =>
    stage.latestExecution?.pipelineExecutionId === pipelineExecutionId &&
    !isUnderWay(stage.latestExecution?.status);
  return [
    ...(knownBad && !hasDeployed(sight) ? [knownBad] : []),
    ...backs.map(({ summary }) => summary).filter((summary) => !isThrough(summary)),
  ].flatMap(({ status, pipelineExecutionId }) =>
    isUnderWay(status) && pipelineExecutionId ? [pipelineExecutionId] : [],
  );
}

async function untilFree(pipeline: Pipeline, stopped: readonly string[]): Promise<void> {
  const over = await Promise.all(stopped.map((id) => untilOver(pipeline, id).catch(unlessRefused)));
  if (over.includes(false)) {
    const { stage } = pipeline.target;
    throw new PathNotApplicable(
      `execution ${stopped.join(', ')} was told to stop and still runs stage ${stage}; a stage that runs cannot be rolled back`,
    );
  }
}

/** Behind the deploy stage it does not stand in the way. A stop that fails is made again when the drill tidies up. */
async function stopBeside(
  pipeline: Pipeline,
  { knownBad }: Sight,
  stopped: readonly string[],
): Promise<void> {
  const id = knownBad?.pipelineExecutionId;
  if (!id || !isUnderWay(knownBad.status) || stopped.includes(id)) return;
  await stop(pipeline, id).catch(() => undefined);
}

async function call(
  pipeline: Pipeline,
  path: PathName,
  context: TargetContext,
  sight: Sight,
): Promise<RollbackAccepted> {
  const { captured, deployed } = context;
  switch (path) {
    case 'codepipeline-rollback-stage':
      return accepted(captured, await rollBackStage(pipeline, captured).catch(busy).catch(unlessRefused));
    case 'codepipeline-redeploy': {
      const since = deployed?.deployment ?? captured.pipeline?.newestExecution ?? '';
      const token = `redeploy-after-${since}`;
      const started = start(pipeline, healthyInputs(captured), token);
      return accepted(captured, await started.catch(busy).catch(unlessRefused));
    }
    default:
      return rollBackService(pipeline, path, context, sight);
  }
}

async function rollBackStage({ codePipeline, target }: Pipeline, captured: Captured): Promise<string> {
  const { pipelineExecutionId } = await codePipeline.send(
    new RollbackStageCommand({
      pipelineName: target.pipeline,
      stageName: target.stage,
      targetPipelineExecutionId: healthyExecutionOf(captured).id,
    }),
  );
  return pipelineExecutionId ?? '';
}

function accepted(captured: Captured, id: string): RollbackAccepted {
  return { execution: { ...healthyExecutionOf(captured), id } };
}

/** The pipeline is being changed by another call. */
function busy(error: Error): never {
  if (error.name === 'ConflictException') throw new TransientFault(error.message, { cause: error });
  throw error;
}

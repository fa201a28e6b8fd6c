import type {
  ActionExecutionDetail,
  PipelineDeclaration,
  PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import { type Check, hasRefusal, judged } from '../../../drill/guardrails/check.ts';
import { type SelfRollback, selfRollbackTarget } from '../../../drill/guardrails/self-rollback.ts';
import type { PipelineExecution } from '../../../drill/release.ts';
import { stageNames } from './declaration.ts';
import { revisionsOf, variablesOf } from './inputs.ts';
import { actionsOf, executionOf, history } from './read.ts';
import { selfRollback } from './self-rollback.ts';
import type { Pipeline } from './target.ts';

/** The execution that what runs now goes back to, and the checks that it is a legal way back. */
export interface LastHealthy {
  readonly checks: readonly Check[];
  /** `null` when a check refused. */
  readonly execution: PipelineExecution | null;
  readonly selfRollback: SelfRollback | null;
}

/**
 * The execution that released what runs now: its deploy action registered the running task definition. Known-bad executions
 * of earlier drills succeeded in the deploy stage too, but they are not what runs. A rollback, which nothing can be rolled
 * back to, stands for the execution that it went back to.
 */
export async function lastHealthy(
  pipeline: Pipeline,
  declaration: PipelineDeclaration,
  registeredAt: Date | undefined,
): Promise<LastHealthy> {
  const { pipeline: name, stage } = pipeline.target;
  const found = registeredAt && (await deployedAt(pipeline, registeredAt));
  const deployed = judged(
    'deployed-by-pipeline',
    found !== undefined,
    found
      ? `execution ${found.summary.pipelineExecutionId} deployed what runs`
      : `what runs was registered at ${registeredAt?.toISOString() ?? 'a time that ECS does not tell'}, not by an execution in stage ${stage}; it must have been deployed through the pipeline. ${release(name)}`,
  );
  if (!found) return refused([deployed]);
  const { summary } = found;
  const id = summary.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? summary.pipelineExecutionId ?? '';
  const [execution, actions, offered] = await Promise.all([
    executionOf(pipeline, id),
    id === summary.pipelineExecutionId ? found.actions : actionsOf(pipeline, id),
    offeredUpTo(pipeline, id),
  ]);
  const isOffered = offered.some(({ pipelineExecutionId }) => pipelineExecutionId === id);
  const checks = [
    deployed,
    standard(id, execution.executionType),
    sameVersion(name, id, execution.pipelineVersion, declaration.version),
    succeededThrough(pipeline, declaration, id, actions),
    judged(
      'rollback-target',
      isOffered,
      `CodePipeline ${isOffered ? 'tells' : 'does not tell'} execution ${id} among those that succeeded in stage ${stage} in the current version of the pipeline; only to those may the stage be rolled back. ${isOffered ? '' : release(name)}`.trim(),
    ),
  ];
  if (hasRefusal(checks)) return refused(checks);
  const healthy = { id, variables: variablesOf(execution), sourceRevisions: revisionsOf(summary) };
  const itself = selfRollback(pipeline, declaration, { healthy, offered });
  const all = [...checks, selfRollbackTarget(itself, id)];
  return hasRefusal(all) ? refused(all) : { checks: all, execution: healthy, selfRollback: itself };
}

function refused(checks: readonly Check[]): LastHealthy {
  return { checks, execution: null, selfRollback: null };
}

/** The remedy for a pipeline that has released nothing yet that one could go back to. */
export function release(pipeline: string): string {
  return `Release once through it: aws codepipeline start-pipeline-execution --name ${pipeline}`;
}

interface Deployed {
  readonly summary: PipelineExecutionSummary;
  readonly actions: readonly ActionExecutionDetail[];
}

/** Only an execution that was under way then can have registered it, so that few of them are looked into. */
async function deployedAt(pipeline: Pipeline, registeredAt: Date): Promise<Deployed | undefined> {
  for await (const page of history(pipeline)) {
    for (const summary of page.filter((each) => wasUnderWay(each, registeredAt))) {
      const actions = await actionsOf(pipeline, summary.pipelineExecutionId ?? '');
      if (actions.some((action) => isOfStage(pipeline, action) && wasUnderWay(action, registeredAt)))
        return { summary, actions };
    }
  }
  return undefined;
}

function wasUnderWay(
  { startTime, lastUpdateTime }: { startTime?: Date | undefined; lastUpdateTime?: Date | undefined },
  at: Date,
): boolean {
  return startTime !== undefined && startTime <= at && (lastUpdateTime === undefined || at <= lastUpdateTime);
}

function isOfStage({ target }: Pipeline, { stageName }: ActionExecutionDetail): boolean {
  return stageName === target.stage;
}

/** CodePipeline's own answer to what the stage may be rolled back to: the newest first, and none that is much older than `id`. */
async function offeredUpTo(pipeline: Pipeline, id: string): Promise<readonly PipelineExecutionSummary[]> {
  const filter = { succeededInStage: { stageName: pipeline.target.stage } };
  const offered: PipelineExecutionSummary[] = [];
  for await (const page of history(pipeline, filter)) {
    offered.push(...page);
    if (page.some(({ pipelineExecutionId }) => pipelineExecutionId === id)) break;
  }
  return offered;
}

function standard(id: string, type: string | undefined): Check {
  return judged(
    'standard-execution',
    type === 'STANDARD',
    `execution ${id} is of type ${type}; nothing but a STANDARD execution can be rolled back to`,
  );
}

function sameVersion(pipeline: string, id: string, then: number | undefined, now: number | undefined): Check {
  const same = then !== undefined && then === now;
  return judged(
    'pipeline-unchanged',
    same,
    same
      ? `execution ${id} ran in version ${then} of the pipeline, which is the current one`
      : `the pipeline was changed since execution ${id} (version ${then} → ${now}), which ends every way back through it; allowed is the same version. ${release(pipeline)}`,
  );
}

/** Every action of every stage up to the one that tests the release, by its last attempt. */
function succeededThrough(
  { target: { pipeline, stage, smokeStage = stage } }: Pipeline,
  declaration: PipelineDeclaration,
  id: string,
  actions: readonly ActionExecutionDetail[],
): Check {
  const last = stageNames(declaration).indexOf(smokeStage);
  const needed = (declaration.stages ?? [])
    .slice(0, last + 1)
    .flatMap(({ name, actions = [] }) => actions.map((action) => ({ stage: name, action: action.name })));
  const short = needed.flatMap(({ stage, action }) => {
    const run = actions.findLast((each) => each.stageName === stage && each.actionName === action);
    return run?.status === 'Succeeded' ? [] : [`${stage}/${action} ${run?.status ?? 'did not run'}`];
  });
  const reason = `execution ${id} succeeded in ${needed.length - short.length} of ${needed.length} actions up to stage ${smokeStage}`;
  return judged(
    'succeeded-in-every-stage',
    short.length === 0,
    short.length === 0
      ? reason
      : `${reason} (${short.join(', ')}); allowed is an execution that succeeded in all of them. ${release(pipeline)}`,
  );
}

import type { ActionExecutionDetail, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import type { Deployment, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Captured } from '../../../drill/entry.ts';
import type { Steering } from '../../../drill/target.ts';
import { isUnderWay } from './checks.ts';
import { sameContent } from './definitions.ts';
import { healthyExecutionOf } from './inputs.ts';
import { timeOf } from './read.ts';
import { hasDeployed, ofStage, runnerOf, type Sight } from './sight.ts';

/** The release that was captured. */
export interface LastHealthy {
  readonly captured: Captured;
  readonly healthy: TaskDefinition | undefined;
}

export interface Running extends LastHealthy {
  /** What the service steers to. */
  readonly running: TaskDefinition | undefined;
  readonly primary: Deployment | undefined;
}

/**
 * Whoever is in the deploy stage decides until the service has the deployment of it; then, and while nobody is in it, the
 * service's own task definition does. An execution on its way there decides before what runs; somebody else's does not
 * count until it is there.
 */
export function desiredOf(sight: Sight, found: Running): Pick<Steering, 'desired' | 'isDeploying'> {
  const runner = runnerOf(sight);
  const ofRunner = runner === undefined ? undefined : intentOf(sight, runner, found.captured);
  const isDeployed = runner !== undefined && isDeployedBy(sight, found.primary);
  const coming = comingTo(sight);
  const isDeploying =
    runner !== undefined || coming !== undefined || found.primary?.rolloutState === 'IN_PROGRESS';
  const desired =
    ofRunner === 'other'
      ? ofRunner
      : (coming ??
        (ofRunner === undefined || isDeployed ? releaseOf(sight, found.running, found) : ofRunner));
  return { desired, isDeploying };
}

/** A known-bad release or a way back that is under way and has not come to the stage yet: the newest one. */
export function comingTo(sight: Sight): Steering['desired'] | undefined {
  const { newer, knownBad, backs } = sight;
  for (const summary of newer) {
    if (!isUnderWay(summary.status)) continue;
    if (summary === knownBad && !hasEntered(sight, summary)) return 'known-bad';
    if (backs.some((back) => back.summary === summary && !back.isInStage)) return 'last-healthy';
  }
  return undefined;
}

/** Which release the task definition is of. */
export function releaseOf(
  sight: Sight,
  definition: TaskDefinition | undefined,
  { captured, healthy }: LastHealthy,
): Steering['desired'] {
  if (!definition) return 'other';
  if (definition.taskDefinitionArn === captured.lastHealthy.taskDefinition) return 'last-healthy';
  // A tag that was moved makes the same content another release: who registered it tells more.
  if (isOfKnownBad(sight, definition.registeredAt)) return 'known-bad';
  if (healthy && sameContent(definition, healthy)) return 'last-healthy';
  return isLateOfKnownBad(sight, definition.registeredAt) ? 'known-bad' : 'other';
}

/**
 * Whether it began, or was registered, in the deploy stage of the known-bad execution. What is read side by side may be of
 * different ages: while the execution has not got through the stage, what is younger than it counts as its own.
 */
export function isOfKnownBad(sight: Sight, at: Date | undefined): boolean {
  if (at === undefined) return false;
  const { knownBad, actions } = sight;
  if (ofStage(sight, actions).some((run) => isWithin(run, at))) return true;
  const goesOn = isUnderWay(knownBad?.status) && !hasDeployed(sight);
  return goesOn && timeOf(knownBad?.startTime) <= timeOf(at);
}

function intentOf({ knownBad, backs }: Sight, id: string, captured: Captured): Steering['desired'] {
  if (id === knownBad?.pipelineExecutionId) return 'known-bad';
  const isBack =
    id === healthyExecutionOf(captured).id || backs.some(({ summary }) => summary.pipelineExecutionId === id);
  return isBack ? 'last-healthy' : 'other';
}

/** The service has a deployment that began after the action that is under way. */
function isDeployedBy({ stage }: Sight, primary: Deployment | undefined): boolean {
  const begun = (stage.actionStates ?? []).flatMap(({ latestExecution }) =>
    latestExecution?.status === 'InProgress' ? [timeOf(latestExecution.lastStatusChange)] : [],
  );
  return begun.length > 0 && timeOf(primary?.createdAt) >= Math.min(...begun);
}

const LATE_MS = 60_000;

/** An action that was abandoned goes on outside, and may register what it had begun with. */
function isLateOfKnownBad(sight: Sight, registeredAt: Date | undefined): boolean {
  return ofStage(sight, sight.actions).some(({ status, lastUpdateTime }) => {
    const late = timeOf(registeredAt) - timeOf(lastUpdateTime);
    return status === 'Abandoned' && late >= 0 && late <= LATE_MS;
  });
}

function isWithin({ status, startTime, lastUpdateTime }: ActionExecutionDetail, at: Date): boolean {
  return timeOf(startTime) <= timeOf(at) && (status === 'InProgress' || timeOf(at) <= timeOf(lastUpdateTime));
}

function hasEntered(sight: Sight, { pipelineExecutionId }: PipelineExecutionSummary): boolean {
  return (
    ofStage(sight, sight.actions).length > 0 ||
    sight.stage.latestExecution?.pipelineExecutionId === pipelineExecutionId
  );
}

import type { PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import type { Captured } from '../../../drill/entry.ts';
import type { KnownBadDeployment } from '../../../drill/target.ts';
import { isoOf } from '../ecs/observe.ts';
import { isUnderWay } from './checks.ts';
import { failuresOf } from './failures.ts';
import { healthyExecutionOf } from './inputs.ts';
import { hasDeployed, type Sight, targetOf } from './sight.ts';

/**
 * The known-bad execution in the drill's words. It may be rolled back by the pipeline, or by ECS, which knows nothing of the
 * pipeline; `ofService` is what ECS tells of the deployment that it made.
 */
export function knownBadDeployment(
  sight: Sight,
  ofService: KnownBadDeployment | null,
  captured: Captured,
): KnownBadDeployment | null {
  const { knownBad } = sight;
  if (!knownBad) return null;
  const back = rollbackIn(sight);
  return {
    id: knownBad.pipelineExecutionId ?? '',
    ...(back ? rolledBack(back) : (rolledBackByService(ofService) ?? itself(sight, ofService))),
    startedAt: isoOf(knownBad.startTime),
    failedAt: failedAt(sight),
    rollback: back ? rollbackOf(back, captured) : (ofService?.rollback ?? null),
  };
}

type Status = Pick<KnownBadDeployment, 'status' | 'statusReason'>;

/** The newest one of the stage since then, wherever it went back to. */
function rollbackIn({ newer, knownBad, backs, stage }: Sight): PipelineExecutionSummary | undefined {
  const since = knownBad ? newer.slice(0, newer.indexOf(knownBad)) : [];
  return since.find(
    (summary) =>
      summary.executionType === 'ROLLBACK' &&
      (backs.some((back) => back.summary === summary) ||
        stage.latestExecution?.pipelineExecutionId === summary.pipelineExecutionId),
  );
}

function rolledBack({ pipelineExecutionId, status, statusSummary }: PipelineExecutionSummary): Status {
  const statusReason = `rollback ${pipelineExecutionId} is ${status}${statusSummary ? `: ${statusSummary}` : ''}`;
  if (isUnderWay(status)) return { status: 'rolling-back', statusReason };
  return { status: status === 'Succeeded' ? 'rolled-back' : 'rollback-failed', statusReason };
}

function rolledBackByService(ofService: KnownBadDeployment | null): Status | undefined {
  if (!ofService?.rollback) return undefined;
  return { status: ofService.status, statusReason: ofService.statusReason };
}

function itself(sight: Sight, ofService: KnownBadDeployment | null): Status {
  const { knownBad } = sight;
  const statusReason = `execution ${knownBad?.pipelineExecutionId} is ${knownBad?.status}${knownBad?.statusSummary ? `: ${knownBad.statusSummary}` : ''}`;
  if (hasDeployed(sight)) return { status: 'successful', statusReason };
  const goesOn = isUnderWay(knownBad?.status) || ofService?.status === 'under-way';
  return { status: goesOn ? 'under-way' : 'stopped', statusReason };
}

/** An execution that fails behind the deploy stage has been deployed. */
function failedAt(sight: Sight): string | null {
  if (sight.knownBad?.status !== 'Failed' || hasDeployed(sight)) return null;
  const failed = failuresOf(sight).map(({ at }) => at);
  return failed.toSorted()[0] ?? isoOf(sight.knownBad.lastUpdateTime);
}

function rollbackOf(
  summary: PipelineExecutionSummary,
  captured: Captured,
): NonNullable<KnownBadDeployment['rollback']> {
  const { pipelineExecutionId: id = '', trigger, startTime } = summary;
  const healthy = healthyExecutionOf(captured);
  return {
    startedAt: isoOf(startTime) ?? '',
    reason:
      `rollback ${id} to execution ${targetOf(summary)}, by ${trigger?.triggerType} ${trigger?.triggerDetail ?? ''}`.trim(),
    automatic: trigger?.triggerType === 'AutomatedRollback',
    ...(targetOf(summary) === healthy.id ? { execution: { ...healthy, id } } : {}),
  };
}

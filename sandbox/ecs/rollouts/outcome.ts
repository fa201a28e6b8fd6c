import { failuresAfterHealthyTask, trips } from '../circuit-breaker.ts';
import { deploymentStateChange, serviceAction } from '../events.ts';
import type { Plane } from '../plane.ts';
import type { RolloutRecord, ServiceDeploymentRecord, ServiceRecord } from '../records.ts';
import { primaryOf, serviceDeploymentOf } from '../services/find.ts';
import { say } from '../services/messages.ts';
import { finish } from './finish.ts';
import { deploymentFacts } from './forward.ts';
import { requestRollback, tellRollback } from './rollback.ts';

const IMPAIRED_AFTER_FAILURES = 3;
const BREAKER_REASON = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';

/** All tasks of the PRIMARY deployment have been healthy, and alone, for long enough. */
export function reachSteadyState(plane: Plane, service: ServiceRecord): void {
  const rollout = primaryOf(service);
  service.steady = true;
  say(plane, service, 'has reached a steady state.');
  if (rollout.rolloutState === 'IN_PROGRESS') complete(plane, service, rollout);
  plane.flush();
  const detail = { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE', createdAtMs: plane.now() } as const;
  plane.emit(serviceAction(service, detail));
}

/** Counts a task that did not become healthy; the circuit breaker may trigger on it. */
export function countFailure(plane: Plane, service: ServiceRecord, rollout: RolloutRecord): void {
  rollout.failedTasks += 1;
  rollout.updatedAt = plane.now();
  plane.changed();
  if (rollout.failedTasks === IMPAIRED_AFTER_FAILURES) warn(plane, service);
  const deployment = serviceDeploymentOf(service, rollout);
  if (!deployment || rollout !== primaryOf(service) || rollout.rolloutState !== 'IN_PROGRESS') return;
  if (deployment.status === 'ROLLBACK_REQUESTED') return;
  rollout.breakerFailures += 1;
  const { deploymentCircuitBreaker } = deployment.deploymentConfiguration;
  if (rollout.kind === 'forward' && deploymentCircuitBreaker.enable)
    deployment.breakerFailures = rollout.breakerFailures;
  if (trips(deploymentCircuitBreaker, rollout.breakerFailures, service.desiredCount))
    fail(plane, service, rollout, deployment);
}

export function countHealthy(plane: Plane, service: ServiceRecord, rollout: RolloutRecord): void {
  const deployment = serviceDeploymentOf(service, rollout);
  rollout.failedTasks = 0;
  if (deployment && rollout.rolloutState === 'IN_PROGRESS') {
    const { deploymentCircuitBreaker } = deployment.deploymentConfiguration;
    rollout.breakerFailures = failuresAfterHealthyTask(deploymentCircuitBreaker, rollout.breakerFailures);
    if (rollout.kind === 'forward' && deploymentCircuitBreaker.enable)
      deployment.breakerFailures = rollout.breakerFailures;
  }
  plane.changed();
}

function complete(plane: Plane, service: ServiceRecord, rollout: RolloutRecord): void {
  const deployment = serviceDeploymentOf(service, rollout);
  rollout.rolloutState = 'COMPLETED';
  rollout.rolloutStateReason = `ECS deployment ${rollout.id} completed.`;
  rollout.updatedAt = plane.now();
  service.lastCompleted = { revisionArn: rollout.revisionArn, deploymentId: rollout.id };
  if (deployment)
    finish(plane, service, deployment, rollout.kind === 'forward' ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL');
  say(plane, service, `(deployment ${rollout.id}) deployment completed.`);
  plane.flush();
  plane.truth('deployment-completed', { ...deploymentFacts(plane, service, rollout), kind: rollout.kind });
  plane.emit(deploymentStateChange(service, rollout, 'SERVICE_DEPLOYMENT_COMPLETED'));
}

/** The circuit breaker triggered. */
function fail(
  plane: Plane,
  service: ServiceRecord,
  rollout: RolloutRecord,
  deployment: ServiceDeploymentRecord,
): void {
  rollout.rolloutState = 'FAILED';
  rollout.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  rollout.updatedAt = plane.now();
  const rollsBack =
    rollout.kind === 'forward' &&
    deployment.deploymentConfiguration.deploymentCircuitBreaker.rollback &&
    service.lastCompleted !== undefined;
  deployment.breaker = 'TRIGGERED';
  if (rollsBack) requestRollback(plane, service, deployment, BREAKER_REASON);
  else stopFailed(plane, service, rollout, deployment);
  say(plane, service, `(deployment ${rollout.id}) deployment failed: tasks failed to start.`);
  plane.flush();
  plane.truth('deployment-failed', { ...deploymentFacts(plane, service, rollout), kind: rollout.kind });
  if (rollsBack) tellRollback(plane, 'automatic', deployment.arn);
  plane.emit(deploymentStateChange(service, rollout, 'SERVICE_DEPLOYMENT_FAILED'));
}

function stopFailed(
  plane: Plane,
  service: ServiceRecord,
  rollout: RolloutRecord,
  deployment: ServiceDeploymentRecord,
): void {
  const reason = 'Service deployment stopped because the circuit breaker threshold was exceeded.';
  const isRollback = rollout.kind === 'rollback';
  finish(plane, service, deployment, isRollback ? 'ROLLBACK_FAILED' : 'STOPPED', reason);
  deployment.stoppedAt = plane.now();
}

function warn(plane: Plane, service: ServiceRecord): void {
  say(plane, service, 'is unable to consistently start tasks successfully.');
  const detail = {
    eventType: 'WARN',
    eventName: 'SERVICE_TASK_START_IMPAIRED',
    createdAtMs: plane.now(),
  } as const;
  plane.emit(serviceAction(service, detail));
}

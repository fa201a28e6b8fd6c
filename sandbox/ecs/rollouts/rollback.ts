import type { Plane } from '../plane.ts';
import type { RolloutRecord, ServiceDeploymentRecord, ServiceRecord } from '../records.ts';
import { say } from '../services/messages.ts';
import { announceDeployment, startRollout } from './forward.ts';

/** Accepts a rollback to what last completed; the scheduler carries it out. Only for a service that has completed something. */
export function requestRollback(
  plane: Plane,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
  reason: string,
): void {
  const { revisionArn } = service.lastCompleted as { revisionArn: string };
  const now = plane.now();
  deployment.status = 'ROLLBACK_REQUESTED';
  deployment.statusReason = reason;
  deployment.rollback = { reason, startedAt: now, serviceRevisionArn: revisionArn };
  deployment.updatedAt = now;
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE';
  plane.changed();
  plane.wake(service.arn);
}

export function tellRollback(plane: Plane, by: 'call' | 'automatic', serviceDeployment: string): void {
  plane.truth('rollback-started', { by, serviceDeployment });
}

/** As on AWS, the same service deployment goes on, with a new PRIMARY in `deployments[]`. */
export function beginRollback(
  plane: Plane,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
): RolloutRecord {
  const { revisionArn, deploymentId } = service.lastCompleted as {
    revisionArn: string;
    deploymentId: string;
  };
  const cause = deployment.breaker === 'TRIGGERED' ? 'circuit breaker' : 'stopped';
  deployment.status = 'ROLLBACK_IN_PROGRESS';
  deployment.updatedAt = plane.now();
  const rollout = startRollout(plane, service, {
    kind: 'rollback',
    revisionArn,
    serviceDeploymentArn: deployment.arn,
    reasonFor: () => `ECS deployment ${cause}: rolling back to deploymentId ${deploymentId}.`,
  });
  say(plane, service, `rolling back to deployment ${deploymentId}.`);
  plane.flush();
  announceDeployment(plane, service, rollout);
  return rollout;
}

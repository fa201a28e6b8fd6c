import type { Plane } from '../plane.ts';
import type { ServiceDeploymentRecord, ServiceDeploymentStatus, ServiceRecord } from '../records.ts';
import { countByRevision } from '../tasks/counts.ts';

type FinalStatus = Extract<
  ServiceDeploymentStatus,
  'SUCCESSFUL' | 'STOPPED' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED'
>;

const FINAL: readonly ServiceDeploymentStatus[] = [
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

export const isUnfinished = ({ status }: ServiceDeploymentRecord): boolean => !FINAL.includes(status);

export const isRollingBack = ({ status }: ServiceDeploymentRecord): boolean =>
  status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS';

/** Ends a service deployment; from now on its counts do not change. */
export function finish(
  plane: Plane,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
  status: FinalStatus,
  reason?: string,
): void {
  const now = plane.now();
  deployment.status = status;
  if (reason !== undefined) deployment.statusReason = reason;
  deployment.finishedAt = now;
  deployment.updatedAt = now;
  if (status === 'STOPPED') deployment.stoppedAt = now;
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE';
  const arns = [deployment.targetRevisionArn, ...deployment.sourceRevisionArns];
  deployment.finalCounts = Object.fromEntries(
    arns.map((arn) => [arn, countByRevision(plane.state, service, arn)]),
  );
  plane.changed();
}

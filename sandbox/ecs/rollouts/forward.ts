import { deploymentStateChange } from '../events.ts';
import {
  newDeploymentId,
  newServiceDeploymentArn,
  newServiceRevisionArn,
  releaseOf,
} from '../identifiers.ts';
import type { Plane } from '../plane.ts';
import type {
  RevisionRecord,
  RolloutRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../records.ts';
import { revisionOf } from '../services/find.ts';
import { containerOf } from '../task-definitions/find.ts';
import { livingTasks } from '../tasks/counts.ts';
import { finish, isUnfinished } from './finish.ts';

/** Service deployments that are remembered; AWS keeps them for 90 days. */
const DEPLOYMENTS_KEPT = 200;

/** A new deployment supersedes an unfinished one, whose tasks are then drained. */
export function beginDeployment(
  plane: Plane,
  service: ServiceRecord,
  taskDefinition: TaskDefinitionRecord,
): RolloutRecord {
  for (const unfinished of service.serviceDeployments.filter(isUnfinished))
    finish(plane, service, unfinished, 'STOPPED', 'Superseded by a newer service deployment.');
  const revision = newRevision(plane, service, taskDefinition);
  const serviceDeployment = newServiceDeployment(plane, service, revision);
  service.serviceDeployments = [serviceDeployment, ...service.serviceDeployments].slice(0, DEPLOYMENTS_KEPT);
  return startRollout(plane, service, {
    kind: 'forward',
    revisionArn: revision.arn,
    serviceDeploymentArn: serviceDeployment.arn,
    reasonFor: (id) => `ECS deployment ${id} in progress.`,
  });
}

/** Makes a new PRIMARY of `deployments[]`. */
export function startRollout(
  plane: Plane,
  service: ServiceRecord,
  {
    reasonFor,
    ...facts
  }: Pick<RolloutRecord, 'kind' | 'revisionArn' | 'serviceDeploymentArn'> & {
    reasonFor: (id: string) => string;
  },
): RolloutRecord {
  const now = plane.now();
  const id = newDeploymentId();
  const rollout: RolloutRecord = {
    ...facts,
    id,
    createdAt: now,
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: reasonFor(id),
    failedTasks: 0,
    breakerFailures: 0,
  };
  service.rollouts = [rollout, ...service.rollouts];
  service.steady = false;
  forgetOldRevisions(service);
  plane.changed();
  plane.wake(service.arn);
  return rollout;
}

/** Tells everyone who listens. What is told must be stored before. */
export function announceDeployment(plane: Plane, service: ServiceRecord, rollout: RolloutRecord): void {
  plane.truth('deployment', { ...deploymentFacts(plane, service, rollout), kind: rollout.kind });
  plane.emit(deploymentStateChange(service, rollout, 'SERVICE_DEPLOYMENT_IN_PROGRESS'));
}

export function deploymentFacts(plane: Plane, service: ServiceRecord, rollout: RolloutRecord) {
  const { taskDefinitionArn } = revisionOf(service, rollout);
  const taskDefinition = plane.state.taskDefinitions[taskDefinitionArn] as TaskDefinitionRecord;
  return {
    deploymentId: rollout.id,
    serviceDeployment: rollout.serviceDeploymentArn,
    taskDefinition: taskDefinitionArn,
    release: releaseOf(containerOf(taskDefinition).image),
  };
}

function newRevision(
  plane: Plane,
  service: ServiceRecord,
  taskDefinition: TaskDefinitionRecord,
): RevisionRecord {
  const image = plane.images.resolve(containerOf(taskDefinition).image);
  const revision: RevisionRecord = {
    arn: newServiceRevisionArn(service.cluster, service.name),
    taskDefinitionArn: taskDefinition.arn,
    createdAt: plane.now(),
    ...(image ? { image } : {}),
  };
  service.revisions[revision.arn] = revision;
  return revision;
}

function newServiceDeployment(
  plane: Plane,
  service: ServiceRecord,
  revision: RevisionRecord,
): ServiceDeploymentRecord {
  const sources = livingTasks(plane.state, service).filter(
    ({ desiredStatus }) => desiredStatus === 'RUNNING',
  );
  return {
    arn: newServiceDeploymentArn(service.cluster, service.name),
    createdAt: plane.now(),
    updatedAt: plane.now(),
    sourceRevisionArns: [...new Set(sources.map(({ revisionArn }) => revisionArn))],
    targetRevisionArn: revision.arn,
    deploymentConfiguration: service.deploymentConfiguration,
    status: 'PENDING',
    breaker: service.deploymentConfiguration.deploymentCircuitBreaker.enable ? 'MONITORING' : 'DISABLED',
    breakerFailures: 0,
  };
}

function forgetOldRevisions(service: ServiceRecord): void {
  const needed = new Set([
    service.lastCompleted?.revisionArn,
    ...service.rollouts.map(({ revisionArn }) => revisionArn),
    ...service.serviceDeployments.flatMap(({ targetRevisionArn, sourceRevisionArns, rollback }) => [
      targetRevisionArn,
      ...sourceRevisionArns,
      rollback?.serviceRevisionArn,
    ]),
  ]);
  for (const arn of Object.keys(service.revisions)) if (!needed.has(arn)) delete service.revisions[arn];
}

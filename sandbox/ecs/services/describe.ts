import { clusterArn } from '../identifiers.ts';
import type { RolloutRecord, ServiceRecord, State } from '../records.ts';
import { countByRevision, countByRollout, isPending, isRunning, livingTasks } from '../tasks/counts.ts';
import { epochSeconds, times } from '../timestamps.ts';
import { primaryOf, revisionOf } from './find.ts';

export function describeService(state: State, service: ServiceRecord) {
  const { input } = service;
  const tasks = livingTasks(state, service);
  const launchType = input.launchType ?? 'FARGATE';
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: clusterArn(service.cluster),
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    taskDefinition: revisionOf(service, primaryOf(service)).taskDefinitionArn,
    deploymentConfiguration: service.deploymentConfiguration,
    deployments: service.rollouts.map((rollout) => ({
      ...describeRollout(state, service, rollout),
      launchType,
      platformVersion: input.platformVersion,
      networkConfiguration: input.networkConfiguration,
    })),
    currentServiceDeployment: service.serviceDeployments[0]?.arn,
    currentServiceRevisions: currentRevisions(state, service),
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: epochSeconds(createdAt),
      message,
    })),
    createdAt: epochSeconds(service.createdAt),
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: [],
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    launchType,
    platformVersion: input.platformVersion,
    networkConfiguration: input.networkConfiguration,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    placementConstraints: [],
    placementStrategy: [],
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
  };
}

function describeRollout(state: State, service: ServiceRecord, rollout: RolloutRecord) {
  return {
    id: rollout.id,
    status: rollout === primaryOf(service) ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: revisionOf(service, rollout).taskDefinitionArn,
    ...countByRollout(state, service, rollout),
    failedTasks: rollout.failedTasks,
    rolloutState: rollout.rolloutState,
    rolloutStateReason: rollout.rolloutStateReason,
    ...times({ createdAt: rollout.createdAt, updatedAt: rollout.updatedAt }, epochSeconds),
  };
}

/** The revision that is wanted comes first. */
function currentRevisions(state: State, service: ServiceRecord) {
  const arns = new Set(service.rollouts.map(({ revisionArn }) => revisionArn));
  return [...arns].map((arn) => ({ arn, ...countByRevision(state, service, arn) }));
}

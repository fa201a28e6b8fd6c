import { failureThreshold } from '../circuit-breaker.ts';
import { clusterArn } from '../identifiers.ts';
import type {
  RevisionRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  State,
  TaskDefinitionRecord,
} from '../records.ts';
import { containerOf } from '../task-definitions/find.ts';
import { countByRevision } from '../tasks/counts.ts';
import { epochSeconds, times } from '../timestamps.ts';

/** An entry of ListServiceDeployments. */
export function briefly(service: ServiceRecord, deployment: ServiceDeploymentRecord) {
  return {
    ...identity(service, deployment),
    targetServiceRevisionArn: deployment.targetRevisionArn,
    ...times(
      {
        createdAt: deployment.createdAt,
        startedAt: deployment.startedAt,
        finishedAt: deployment.finishedAt,
      },
      epochSeconds,
    ),
  };
}

export function describeServiceDeployment(
  state: State,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
) {
  const { rollback, deploymentConfiguration } = deployment;
  const summary = (arn: string) => ({
    arn,
    ...(deployment.finalCounts?.[arn] ?? countByRevision(state, service, arn)),
  });
  return {
    ...identity(service, deployment),
    sourceServiceRevisions: deployment.sourceRevisionArns.map(summary),
    targetServiceRevision: summary(deployment.targetRevisionArn),
    deploymentConfiguration,
    rollback: rollback && { ...rollback, startedAt: epochSeconds(rollback.startedAt) },
    deploymentCircuitBreaker: {
      status: deployment.breaker,
      failureCount: deployment.breakerFailures,
      threshold: failureThreshold(deploymentConfiguration.deploymentCircuitBreaker, service.desiredCount),
    },
    alarms: { status: 'DISABLED', alarmNames: [], triggeredAlarmNames: [] },
    lifecycleHookDetails: [],
    ...times(
      {
        createdAt: deployment.createdAt,
        startedAt: deployment.startedAt,
        finishedAt: deployment.finishedAt,
        stoppedAt: deployment.stoppedAt,
        updatedAt: deployment.updatedAt,
      },
      epochSeconds,
    ),
  };
}

export function describeServiceRevision(state: State, service: ServiceRecord, revision: RevisionRecord) {
  const { input } = service;
  const taskDefinition = state.taskDefinitions[revision.taskDefinitionArn] as TaskDefinitionRecord;
  const { name, image } = containerOf(taskDefinition);
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(service.cluster),
    taskDefinition: revision.taskDefinitionArn,
    launchType: input.launchType ?? 'FARGATE',
    platformVersion: input.platformVersion,
    networkConfiguration: input.networkConfiguration,
    loadBalancers: input.loadBalancers ?? [],
    containerImages: [{ containerName: name, image, imageDigest: revision.image?.digest }],
    guardDutyEnabled: false,
    createdAt: epochSeconds(revision.createdAt),
    resolvedConfiguration: {
      loadBalancers: (input.loadBalancers ?? []).map(({ targetGroupArn }) => ({ targetGroupArn })),
    },
  };
}

function identity(service: ServiceRecord, { arn, status, statusReason }: ServiceDeploymentRecord) {
  return {
    serviceDeploymentArn: arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(service.cluster),
    status,
    statusReason,
  };
}

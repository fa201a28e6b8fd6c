import { ACCOUNT } from '../../aws/account.ts';
import { clusterArn } from '../identifiers.ts';
import type { State, TaskRecord } from '../records.ts';
import { containerOf } from '../task-definitions/find.ts';
import { times } from '../timestamps.ts';

/** A task as DescribeTasks and the task events show it; they differ in how they write times. */
export function describeTask(state: State, task: TaskRecord, format: (ms: number) => number | string) {
  const definition = state.taskDefinitions[task.taskDefinitionArn];
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(task.cluster),
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${task.serviceName}`,
    startedBy: task.rolloutId,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    // As on AWS, the load balancer's opinion does not count here, and container health checks are not supported.
    healthStatus: 'UNKNOWN',
    version: task.version,
    launchType: task.launchType,
    connectivity: task.pid === undefined ? 'DISCONNECTED' : 'CONNECTED',
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    cpu: definition?.definition.cpu,
    memory: definition?.definition.memory,
    ...times(
      {
        createdAt: task.createdAt,
        pullStartedAt: task.pullStartedAt,
        pullStoppedAt: task.pullStoppedAt,
        startedAt: task.startedAt,
        stoppingAt: task.stoppingAt,
        executionStoppedAt: task.executionStoppedAt,
        stoppedAt: task.stoppedAt,
      },
      format,
    ),
    attachments: [],
    attributes: [],
    overrides: { containerOverrides: [] },
    containers: definition ? [describeContainer(task, containerOf(definition))] : [],
  };
}

function describeContainer(
  task: TaskRecord,
  container: ReturnType<typeof containerOf>,
): Record<string, unknown> {
  const mapping = container.portMappings?.[0];
  return {
    containerArn: task.containerArn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    imageDigest: task.imageDigest,
    runtimeId: task.pid === undefined ? undefined : `${ACCOUNT}-${task.pid}`,
    lastStatus: containerStatus(task),
    healthStatus: 'UNKNOWN',
    exitCode: task.exitCode,
    reason: task.containerReason,
    networkInterfaces: [],
    networkBindings:
      task.port === undefined || !mapping
        ? []
        : [
            {
              bindIP: '127.0.0.1',
              containerPort: mapping.containerPort,
              hostPort: task.port,
              protocol: 'tcp',
            },
          ],
  };
}

function containerStatus({ lastStatus, executionStoppedAt }: TaskRecord): string {
  if (executionStoppedAt !== undefined || lastStatus === 'STOPPED') return 'STOPPED';
  return lastStatus === 'PROVISIONING' || lastStatus === 'PENDING' ? 'PENDING' : 'RUNNING';
}

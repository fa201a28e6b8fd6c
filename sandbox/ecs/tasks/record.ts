import { newContainerArn, newTaskId, releaseOf, taskArn } from '../identifiers.ts';
import type { Plane } from '../plane.ts';
import type { RolloutRecord, ServiceRecord, State, TaskDefinitionRecord, TaskRecord } from '../records.ts';
import { revisionOf } from '../services/find.ts';
import { containerOf } from '../task-definitions/find.ts';
import { isStopped } from './counts.ts';

/** How long AWS shows stopped tasks, about. */
const STOPPED_KEPT_MS = 3_600_000;
const MOST_STOPPED_KEPT = 200;

export function newTask(
  plane: Plane,
  service: ServiceRecord,
  rollout: RolloutRecord,
  { standsForHealthy }: Pick<TaskRecord, 'standsForHealthy'>,
): TaskRecord {
  const id = newTaskId();
  const { taskDefinitionArn } = revisionOf(service, rollout);
  const { family } = plane.state.taskDefinitions[taskDefinitionArn] as TaskDefinitionRecord;
  return {
    id,
    arn: taskArn(service.cluster, id),
    containerArn: newContainerArn(service.cluster, id),
    cluster: service.cluster,
    serviceArn: service.arn,
    serviceName: service.name,
    rolloutId: rollout.id,
    revisionArn: rollout.revisionArn,
    taskDefinitionArn,
    family,
    launchType: service.input.launchType ?? 'FARGATE',
    createdAt: plane.now(),
    standsForHealthy,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    health: 'unknown',
    version: 1,
    everHealthy: false,
  };
}

export function taskFacts(plane: Plane, task: TaskRecord) {
  const taskDefinition = plane.state.taskDefinitions[task.taskDefinitionArn] as TaskDefinitionRecord;
  return {
    taskId: task.id,
    release: releaseOf(containerOf(taskDefinition).image),
    taskDefinition: task.taskDefinitionArn,
    deploymentId: task.rolloutId,
  };
}

export function forgetOldTasks(state: State, nowMs: number): void {
  const stopped = Object.values(state.tasks)
    .filter(isStopped)
    .sort((one, other) => (other.stoppedAt ?? 0) - (one.stoppedAt ?? 0));
  stopped.forEach((task, index) => {
    if (index >= MOST_STOPPED_KEPT || nowMs - (task.stoppedAt ?? 0) > STOPPED_KEPT_MS)
      delete state.tasks[task.id];
  });
}

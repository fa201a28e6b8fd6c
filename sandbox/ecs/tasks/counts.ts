import type { RevisionCounts, RolloutRecord, ServiceRecord, State, TaskRecord } from '../records.ts';

/** A task told to stop is neither running nor pending any more, though it may still answer. */
export const isRunning = (task: TaskRecord): boolean =>
  task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';

export const isPending = (task: TaskRecord): boolean =>
  (task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING') && task.desiredStatus === 'RUNNING';

export const isStopped = (task: TaskRecord): boolean => task.lastStatus === 'STOPPED';

/** Everything of the service that is not yet STOPPED. */
export function livingTasks(state: State, service: ServiceRecord): TaskRecord[] {
  return Object.values(state.tasks).filter((task) => task.serviceArn === service.arn && !isStopped(task));
}

export function countByRollout(state: State, service: ServiceRecord, rollout: RolloutRecord) {
  const tasks = livingTasks(state, service).filter(({ rolloutId }) => rolloutId === rollout.id);
  const counts = {
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
  };
  const isPrimary = rollout.id === service.rollouts[0]?.id;
  return {
    ...counts,
    desiredCount: isPrimary ? service.desiredCount : counts.runningCount + counts.pendingCount,
  };
}

export function countByRevision(state: State, service: ServiceRecord, revisionArn: string): RevisionCounts {
  const tasks = livingTasks(state, service).filter((task) => task.revisionArn === revisionArn);
  const runningTaskCount = tasks.filter(isRunning).length;
  const pendingTaskCount = tasks.filter(isPending).length;
  const wanted = revisionArn === service.rollouts[0]?.revisionArn;
  return {
    requestedTaskCount: wanted ? service.desiredCount : runningTaskCount + pendingTaskCount,
    runningTaskCount,
    pendingTaskCount,
  };
}

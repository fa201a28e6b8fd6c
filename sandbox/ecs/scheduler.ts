import { type NextSteps, nextSteps, type TaskView } from './deployment.ts';
import type { Plane } from './plane.ts';
import type { RolloutRecord, ServiceRecord, TaskRecord } from './records.ts';
import { finish, isUnfinished } from './rollouts/finish.ts';
import { countFailure, countHealthy, reachSteadyState } from './rollouts/outcome.ts';
import { beginRollback } from './rollouts/rollback.ts';
import { primaryOf, serviceDeploymentOf } from './services/find.ts';
import { say } from './services/messages.ts';
import { livingTasks } from './tasks/counts.ts';
import type { StopReason } from './tasks/ending.ts';
import { taskLifecycle } from './tasks/lifecycle.ts';

export interface Scheduler {
  /** Looks at the service soon; many calls become one look. */
  wake(serviceArn: string): void;
  /** Buries what a killed sandbox left and starts as many tasks anew. */
  resume(): void;
  close(): Promise<void>;
}

/** Keeps every service as it should be. It reacts to changes; it never polls. */
export function startScheduler(plane: Plane): Scheduler {
  const { state, pace, timers } = plane;
  const retryAt = new Map<string, number>();
  const lifecycle = taskLifecycle(plane, {
    healthy: (task) => judged(task, countHealthy),
    failed: (task) => judged(task, countFailure),
    changed: ({ serviceArn }) => wake(serviceArn),
  });
  return { wake, resume, close: lifecycle.close };

  function wake(serviceArn: string): void {
    const key = `wake:${serviceArn}`;
    if (!timers.has(key)) timers.set(key, 0, () => look(serviceArn));
  }

  function look(serviceArn: string): void {
    const service = state.services[serviceArn];
    if (!service || service.status === 'INACTIVE') return;
    if (service.status === 'DRAINING') {
      drain(service);
      return;
    }
    advance(service);
    schedule(service);
    retire(service);
    awaitSteadyState(service);
  }

  function drain(service: ServiceRecord): void {
    for (const unfinished of service.serviceDeployments.filter(isUnfinished))
      finish(plane, service, unfinished, 'STOPPED', 'The service was deleted.');
    const left = livingTasks(state, service);
    for (const task of left) lifecycle.stop(task, scaling(service));
    if (livingTasks(state, service).length > 0) return;
    service.status = 'INACTIVE';
    plane.changed();
  }

  /** Takes the newest service deployment to its next status. */
  function advance(service: ServiceRecord): void {
    const deployment = service.serviceDeployments[0];
    if (deployment?.status === 'PENDING') {
      deployment.status = 'IN_PROGRESS';
      deployment.startedAt = plane.now();
      deployment.updatedAt = plane.now();
      plane.changed();
    }
    if (deployment?.status !== 'ROLLBACK_REQUESTED') return;
    const beginsInMs = (deployment.rollback?.startedAt ?? 0) + pace.rollbackDelayMs - plane.now();
    if (beginsInMs > 0) timers.set(`rollback:${service.arn}`, beginsInMs, () => wake(service.arn));
    else beginRollback(plane, service, deployment);
  }

  function schedule(service: ServiceRecord): void {
    const primary = primaryOf(service);
    const steps = stepsFor(service, primary);
    for (const taskId of steps.stop) stopTask(service, taskId);
    if (steps.start === 0) return;
    const waitMs = (retryAt.get(primary.id) ?? 0) - plane.now();
    if (waitMs > 0) timers.set(`retry:${service.arn}`, waitMs, () => wake(service.arn));
    else startTasks(service, primary, steps.start);
  }

  function stepsFor(service: ServiceRecord, primary: RolloutRecord): NextSteps {
    const deployment = serviceDeploymentOf(service, primary);
    const inProgress = deployment && isUnfinished(deployment);
    const { minimumHealthyPercent, maximumPercent } = inProgress
      ? deployment.deploymentConfiguration
      : service.deploymentConfiguration;
    return nextSteps({
      desiredCount: service.desiredCount,
      minimumHealthyPercent,
      maximumPercent,
      maySurge: primary.rolloutState !== 'FAILED' && deployment?.status !== 'ROLLBACK_REQUESTED',
      tasks: livingTasks(state, service).map((task) => view(task, primary)),
    });
  }

  function startTasks(service: ServiceRecord, primary: RolloutRecord, count: number): void {
    const started = Array.from({ length: count }, () =>
      lifecycle.start(service, primary, { standsForHealthy: false }),
    );
    const ids = started.map(({ id }) => `(task ${id})`).join(' ');
    say(plane, service, `has started ${count} tasks: ${ids}.`);
  }

  function stopTask(service: ServiceRecord, taskId: string): void {
    const task = state.tasks[taskId] as TaskRecord;
    say(plane, service, `has stopped 1 running tasks: (task ${taskId}).`);
    lifecycle.stop(task, scaling(service));
  }

  /** An old deployment is over when its last task is STOPPED. */
  function retire(service: ServiceRecord): void {
    const busy = new Set(livingTasks(state, service).map(({ rolloutId }) => rolloutId));
    const left = service.rollouts.filter((rollout, index) => index === 0 || busy.has(rollout.id));
    if (left.length === service.rollouts.length) return;
    for (const rollout of service.rollouts) if (!left.includes(rollout)) retryAt.delete(rollout.id);
    service.rollouts = left;
    plane.changed();
  }

  function awaitSteadyState(service: ServiceRecord): void {
    const key = `steady:${service.arn}`;
    if (!isSteady(service)) {
      service.steady = false;
      timers.cancel(key);
    } else if (!service.steady && !timers.has(key)) {
      timers.set(key, pace.steadyStateMs, () => steadyLongEnough(service));
    }
  }

  function steadyLongEnough(service: ServiceRecord): void {
    if (isSteady(service)) reachSteadyState(plane, service);
    else wake(service.arn);
  }

  function isSteady(service: ServiceRecord): boolean {
    const primary = primaryOf(service);
    const tasks = livingTasks(state, service);
    return (
      primary.rolloutState !== 'FAILED' &&
      serviceDeploymentOf(service, primary)?.status !== 'ROLLBACK_REQUESTED' &&
      tasks.length === service.desiredCount &&
      tasks.every((task) => task.rolloutId === primary.id && phaseOf(task) === 'healthy' && task.everHealthy)
    );
  }

  function judged(task: TaskRecord, judge: typeof countFailure): void {
    const service = state.services[task.serviceArn];
    const rollout = service?.rollouts.find(({ id }) => id === task.rolloutId);
    if (!service || !rollout) return;
    judge(plane, service, rollout);
    if (rollout.failedTasks > 0) retryAt.set(rollout.id, plane.now() + backoffMs(rollout.failedTasks));
    else retryAt.delete(rollout.id);
    wake(service.arn);
  }

  function backoffMs(failures: number): number {
    const doublings = Math.min(failures - 1, 30);
    return Math.min(pace.retryDelayMs * 2 ** doublings, pace.retryDelayLimitMs);
  }

  function resume(): void {
    for (const service of Object.values(state.services)) {
      if (service.status === 'INACTIVE') continue;
      const left = livingTasks(state, service);
      const wanted = left.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      for (const task of left) lifecycle.bury(task);
      for (const task of service.status === 'ACTIVE' ? wanted : []) restore(service, task);
      wake(service.arn);
    }
  }

  function restore(service: ServiceRecord, lost: TaskRecord): void {
    const rollout = service.rollouts.find(({ id }) => id === lost.rolloutId);
    if (rollout) lifecycle.start(service, rollout, { standsForHealthy: lost.health === 'healthy' });
  }
}

function view(task: TaskRecord, primary: RolloutRecord): TaskView {
  return {
    id: task.id,
    current: task.rolloutId === primary.id,
    sameRevision: task.revisionArn === primary.revisionArn,
    phase: phaseOf(task),
    createdAt: task.createdAt,
  };
}

function phaseOf(task: TaskRecord): TaskView['phase'] {
  if (task.desiredStatus === 'STOPPED') return 'stopping';
  return task.health === 'healthy' || task.standsForHealthy ? 'healthy' : 'starting';
}

function scaling(service: ServiceRecord): StopReason {
  const { id } = primaryOf(service);
  return { code: 'ServiceSchedulerInitiated', reason: `Scaling activity initiated by (deployment ${id})` };
}

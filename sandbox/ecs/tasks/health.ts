import type { TargetHealth } from '../data-plane.ts';
import { say } from '../services/messages.ts';
import { stopTask } from './ending.ts';
import { taskFacts } from './record.ts';
import { type Fleet, isToldToStop, type RunningTask, targetGroupName } from './running.ts';

/** What the load balancer found. Bad news counts once the service's grace period is over. */
export function healthChanged(fleet: Fleet, taskId: string, health: TargetHealth): void {
  const { plane, running, closed } = fleet;
  const entry = running.get(taskId);
  if (closed || !entry || isToldToStop(entry.task)) return;
  plane.timers.cancel(`grace:${taskId}`);
  if (health === 'healthy') {
    becomeHealthy(fleet, entry);
    return;
  }
  entry.task.health = 'unhealthy';
  plane.changed();
  const graceMs = entry.service.healthCheckGracePeriodSeconds * 1000;
  const graceLeftMs = (entry.task.startedAt ?? 0) + graceMs - plane.now();
  if (graceLeftMs > 0) plane.timers.set(`grace:${taskId}`, graceLeftMs, () => failHealthChecks(fleet, entry));
  else failHealthChecks(fleet, entry);
}

export function becomeHealthy({ plane, outcomes }: Fleet, { task }: RunningTask): void {
  plane.timers.cancel(`start:${task.id}`);
  const isFirst = !task.everHealthy;
  task.health = 'healthy';
  task.everHealthy = true;
  plane.changed();
  if (isFirst) plane.truth('task-healthy', taskFacts(plane, task));
  outcomes.healthy(task);
}

/** The time is over within which a task must become healthy. */
export function startExpired(fleet: Fleet, entry: RunningTask): void {
  if (entry.targetGroup) {
    failHealthChecks(fleet, entry);
    return;
  }
  const reason = 'Task did not listen on a port in time';
  stopTask(fleet, entry.task, { code: 'ServiceSchedulerInitiated', reason });
  fleet.outcomes.failed(entry.task);
}

function failHealthChecks(fleet: Fleet, { task, service }: RunningTask): void {
  const group = targetGroupName(service);
  say(fleet.plane, service, `(task ${task.id}) failed ELB health checks in (${group}).`);
  const reason = `Task failed ELB health checks in (${group})`;
  stopTask(fleet, task, { code: 'ServiceSchedulerInitiated', reason });
  fleet.outcomes.failed(task);
}

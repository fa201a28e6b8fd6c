import type { TargetGroup, TaskProcess } from '../data-plane.ts';
import type { StopCode, TaskRecord } from '../records.ts';
import { say } from '../services/messages.ts';
import { containerOf } from '../task-definitions/find.ts';
import { exitCodeOf } from './exit.ts';
import { taskFacts } from './record.ts';
import {
  definitionOf,
  enter,
  type Fleet,
  isToldToStop,
  type RunningTask,
  targetGroupName,
} from './running.ts';

export interface StopReason {
  readonly code: StopCode;
  readonly reason: string;
}

/** Drains the task, then SIGTERM, then SIGKILL. */
export function stopTask(fleet: Fleet, task: TaskRecord, why: StopReason): void {
  if (isToldToStop(task)) return;
  tellToStop(fleet, task, why);
  const entry = fleet.running.get(task.id);
  if (entry?.process) windDown(fleet, entry, entry.process);
  else becomeStopped(fleet, task);
}

/** It has no process, and counts as a failure. */
export function failToStart(fleet: Fleet, { task }: RunningTask, reason: string): void {
  tellToStop(fleet, task, { code: 'TaskFailedToStart', reason });
  task.containerReason = reason;
  becomeStopped(fleet, task);
  fleet.outcomes.failed(task);
}

/** Its process was told to end, or ended by itself, which is a failure if it never was healthy. */
export async function taskExited(
  fleet: Fleet,
  entry: RunningTask,
  exit: Awaited<TaskProcess['exited']>,
): Promise<void> {
  const { task } = entry;
  if (fleet.closed) return;
  task.executionStoppedAt = fleet.plane.now();
  task.exitCode = exitCodeOf(exit);
  fleet.plane.changed();
  if (isToldToStop(task)) return;
  tellToStop(fleet, task, {
    code: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
  });
  enter(fleet, task, 'DEPROVISIONING');
  if (entry.targetGroup) await fleet.plane.timers.delay(fleet.plane.pace.exitUnnoticedMs);
  await leaveTargetGroup(fleet, entry);
  becomeStopped(fleet, task);
  if (!task.everHealthy) fleet.outcomes.failed(task);
}

/** Its process is gone already, together with a killed sandbox. */
export function buryTask(fleet: Fleet, task: TaskRecord): void {
  if (!isToldToStop(task))
    tellToStop(fleet, task, { code: 'ServiceSchedulerInitiated', reason: 'The sandbox was restarted' });
  task.executionStoppedAt ??= fleet.plane.now();
  becomeStopped(fleet, task);
}

function tellToStop({ plane }: Fleet, task: TaskRecord, { code, reason }: StopReason): void {
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = plane.now();
  task.stopCode = code;
  task.stoppedReason = reason;
  plane.changed();
}

async function windDown(fleet: Fleet, entry: RunningTask, process: TaskProcess): Promise<void> {
  const { task } = entry;
  enter(fleet, task, 'DEACTIVATING');
  await leaveTargetGroup(fleet, entry);
  enter(fleet, task, 'STOPPING');
  process.stop(stopGraceMs(fleet, task));
  await process.exited;
  enter(fleet, task, 'DEPROVISIONING');
  becomeStopped(fleet, task);
}

async function leaveTargetGroup(fleet: Fleet, { task, service, targetGroup }: RunningTask): Promise<void> {
  if (!targetGroup || fleet.closed) return;
  const { timers, pace } = fleet.plane;
  say(fleet.plane, service, `deregistered 1 targets in (${targetGroupName(service)})`);
  const key = `drain:${task.id}`;
  const limit = new Promise<void>((resolve) => timers.set(key, pace.drainLimitMs, resolve));
  await Promise.race([deregistered(targetGroup, task.id), limit]).catch((error: unknown) =>
    say(fleet.plane, service, `was unable to deregister targets: ${String(error)}`),
  );
  timers.cancel(key);
}

/** A load balancer that is gone may throw at once. */
async function deregistered(targetGroup: TargetGroup, taskId: string): Promise<void> {
  await targetGroup.deregister(taskId);
}

function stopGraceMs({ plane }: Fleet, task: TaskRecord): number {
  const { stopTimeout } = containerOf(definitionOf(plane.state, task));
  return stopTimeout === undefined ? plane.pace.stopGraceMs : stopTimeout * 1000;
}

function becomeStopped(fleet: Fleet, task: TaskRecord): void {
  const { plane, running, closed } = fleet;
  if (closed) return;
  for (const wait of ['start', 'settle', 'grace']) plane.timers.cancel(`${wait}:${task.id}`);
  running.delete(task.id);
  task.stoppedAt = plane.now();
  plane.truth('task-stopped', taskFacts(plane, task));
  enter(fleet, task, 'STOPPED');
}

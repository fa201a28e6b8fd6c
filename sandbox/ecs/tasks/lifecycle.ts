import type { Image, TaskProcess } from '../data-plane.ts';
import type { Plane } from '../plane.ts';
import type { RolloutRecord, ServiceRecord, TaskRecord } from '../records.ts';
import { revisionOf } from '../services/find.ts';
import { say } from '../services/messages.ts';
import { containerOf } from '../task-definitions/find.ts';
import { buryTask, failToStart, type StopReason, stopTask, taskExited } from './ending.ts';
import { becomeHealthy, healthChanged, startExpired } from './health.ts';
import { pull, secretsOf, specification } from './image.ts';
import { forgetOldTasks, newTask, taskFacts } from './record.ts';
import {
  definitionOf,
  enter,
  type Fleet,
  isToldToStop,
  type RunningTask,
  type TaskOutcomes,
  targetGroupName,
} from './running.ts';
import { type TargetGroupOf, watchTargetGroups } from './targets.ts';

export interface TaskLifecycle {
  start(
    service: ServiceRecord,
    rollout: RolloutRecord,
    options: Pick<TaskRecord, 'standsForHealthy'>,
  ): TaskRecord;
  stop(task: TaskRecord, why: StopReason): void;
  bury(task: TaskRecord): void;
  /** Ends every process; what is remembered of the tasks stays as it is. */
  close(): Promise<void>;
}

const CLOSING_GRACE_MS = 300;

export function taskLifecycle(plane: Plane, outcomes: TaskOutcomes): TaskLifecycle {
  const fleet: Fleet = { plane, outcomes, running: new Map(), closed: false };
  const targetGroupOf = watchTargetGroups(plane, (taskId, health) => healthChanged(fleet, taskId, health));
  return {
    start(service, rollout, options) {
      const task = newTask(plane, service, rollout, options);
      const entry: RunningTask = { task, service };
      plane.state.tasks[task.id] = task;
      fleet.running.set(task.id, entry);
      forgetOldTasks(plane.state, plane.now());
      enter(fleet, task, 'PROVISIONING');
      launch(fleet, entry, targetGroupOf);
      return task;
    },
    stop: (task, why) => stopTask(fleet, task, why),
    bury: (task) => buryTask(fleet, task),
    async close() {
      fleet.closed = true;
      const processes = [...fleet.running.values()].flatMap(({ process }) => process ?? []);
      for (const process of processes) process.stop(CLOSING_GRACE_MS);
      await Promise.all(processes.map(({ exited }) => exited));
    },
  };
}

async function launch(fleet: Fleet, entry: RunningTask, targetGroupOf: TargetGroupOf): Promise<void> {
  const { plane } = fleet;
  const { task, service } = entry;
  await plane.timers.delay(plane.pace.provisioningMs);
  if (isToldToStop(task)) return;
  task.pullStartedAt = plane.now();
  enter(fleet, task, 'PENDING');
  await plane.timers.delay(plane.pace.pullMs);
  if (isToldToStop(task)) return;
  const reference = containerOf(definitionOf(plane.state, task)).image;
  const image = pull(plane, revisionOf(service, task), reference);
  if (!image) {
    failToStart(fleet, entry, `CannotPullContainerError: failed to resolve ref ${reference}: not found`);
    return;
  }
  const secrets = secretsOf(plane, definitionOf(plane.state, task));
  if ('missing' in secrets) {
    const why = `unable to pull secrets or registry auth: unable to retrieve secret from asm: ${secrets.missing}: not found`;
    failToStart(fleet, entry, `ResourceInitializationError: ${why}`);
    return;
  }
  task.pullStoppedAt = plane.now();
  task.imageDigest = image.digest;
  const process = startProcess(fleet, entry, image, secrets.values);
  if (process) run(fleet, entry, process, targetGroupOf);
}

function startProcess(
  fleet: Fleet,
  entry: RunningTask,
  image: Image,
  secrets: Readonly<Record<string, string>>,
): TaskProcess | undefined {
  const { state, runner } = fleet.plane;
  try {
    return runner.start(specification(entry.task.id, image, definitionOf(state, entry.task), secrets));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    failToStart(fleet, entry, `CannotStartContainerError: ${message}`);
    return undefined;
  }
}

function run(fleet: Fleet, entry: RunningTask, process: TaskProcess, targetGroupOf: TargetGroupOf): void {
  const { plane } = fleet;
  const { task, service } = entry;
  entry.process = process;
  task.pid = process.pid;
  task.startedAt = plane.now();
  plane.truth('task-started', taskFacts(plane, task));
  enter(fleet, task, 'RUNNING');
  process.exited.then((exit) => taskExited(fleet, entry, exit));
  process.listening.then((port) => listens(fleet, entry, port, targetGroupOf));
  const timeoutMs = Math.max(plane.pace.startTimeoutMs, service.healthCheckGracePeriodSeconds * 1000);
  plane.timers.set(`start:${task.id}`, timeoutMs, () => startExpired(fleet, entry));
  const hasPort = (containerOf(definitionOf(plane.state, task)).portMappings ?? []).length > 0;
  if (!hasPort && !targetGroupOf(service))
    plane.timers.set(`settle:${task.id}`, plane.pace.settleMs, () => becomeHealthy(fleet, entry));
}

function listens(fleet: Fleet, entry: RunningTask, port: number, targetGroupOf: TargetGroupOf): void {
  const { task, service } = entry;
  if (fleet.closed || isToldToStop(task)) return;
  task.port = port;
  fleet.plane.changed();
  const targetGroup = targetGroupOf(service);
  if (!targetGroup) {
    becomeHealthy(fleet, entry);
    return;
  }
  try {
    targetGroup.register(task.id, port);
    entry.targetGroup = targetGroup;
    say(fleet.plane, service, `registered 1 targets in (${targetGroupName(service)})`);
  } catch (error) {
    // The task then fails by its start timeout, and another one is tried.
    say(fleet.plane, service, `was unable to register targets: ${String(error)}`);
  }
}

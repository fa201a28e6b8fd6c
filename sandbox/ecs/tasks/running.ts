import type { TargetGroup, TaskProcess } from '../data-plane.ts';
import { taskStateChange } from '../events.ts';
import type { Plane } from '../plane.ts';
import type { ServiceRecord, State, TaskDefinitionRecord, TaskRecord, TaskStatus } from '../records.ts';

/** A task that is not yet STOPPED, with what is real about it. */
export interface RunningTask {
  readonly task: TaskRecord;
  readonly service: ServiceRecord;
  process?: TaskProcess;
  /** Where it is registered. */
  targetGroup?: TargetGroup;
}

/** What the scheduler learns about tasks. A failure is a task that did not become healthy, or did not stay so. */
export interface TaskOutcomes {
  healthy(task: TaskRecord): void;
  failed(task: TaskRecord): void;
  changed(task: TaskRecord): void;
}

/** Everything that runs, and what its parts share. */
export interface Fleet {
  readonly plane: Plane;
  readonly outcomes: TaskOutcomes;
  readonly running: Map<string, RunningTask>;
  /** From then on nothing that happens to a process changes what is remembered of its task. */
  closed: boolean;
}

export function enter({ plane, outcomes, closed }: Fleet, task: TaskRecord, status: TaskStatus): void {
  if (closed) return;
  if (task.lastStatus !== status) task.version += 1;
  task.lastStatus = status;
  plane.changed();
  plane.emit(taskStateChange(plane.state, task));
  outcomes.changed(task);
}

export const isToldToStop = ({ desiredStatus }: TaskRecord): boolean => desiredStatus === 'STOPPED';

export function definitionOf(state: State, { taskDefinitionArn }: TaskRecord): TaskDefinitionRecord {
  return state.taskDefinitions[taskDefinitionArn] as TaskDefinitionRecord;
}

export function targetGroupName({ input }: ServiceRecord): string {
  return `target-group ${input.loadBalancers?.[0]?.targetGroupArn}`;
}

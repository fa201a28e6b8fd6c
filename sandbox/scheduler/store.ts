import { join } from 'node:path';
import { documentAt } from '../state.ts';
import type { Definition } from './definition.ts';
import { parseExpression, type Timing } from './expression.ts';

/** An invocation that was due and is not known to have arrived. */
export interface Pending {
  readonly executionId: string;
  readonly scheduledMs: number;
}

export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly definition: Definition;
  readonly clientToken: string | undefined;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** From where a rate counts. */
  readonly anchorMs: number;
  /** Occurrences until here are done with. */
  readonly cursorMs: number;
  readonly pending: readonly Pending[];
}

export interface Group {
  readonly name: string;
  readonly createdMs: number;
}

/** Everything that the scheduler knows; each change is on disk before it is answered. */
export interface Store {
  get(key: string): Schedule | undefined;
  all(): readonly Schedule[];
  put(schedule: Schedule): void;
  delete(key: string): void;
  readonly groups: ReadonlyMap<string, Group>;
  putGroup(group: Group): void;
  deleteGroup(name: string): void;
}

interface Persisted {
  readonly groups: readonly Group[];
  readonly schedules: readonly Schedule[];
}

export function keyOf(schedule: { readonly group: string; readonly name: string }): string {
  return `${schedule.group}/${schedule.name}`;
}

export function timingOf({ definition, anchorMs }: Pick<Schedule, 'definition' | 'anchorMs'>): Timing {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate } = definition;
  return {
    expression: parseExpression(ScheduleExpression, ScheduleExpressionTimezone),
    anchorMs,
    startMs: StartDate === undefined ? undefined : StartDate * 1000,
    endMs: EndDate === undefined ? undefined : EndDate * 1000,
  };
}

/** How long after its time an invocation may still be delivered. */
export function maxAgeMs({ definition }: Schedule): number {
  return definition.Target.RetryPolicy.MaximumEventAgeInSeconds * 1000;
}

export function openStore(directory: string, nowMs: number): Store {
  const initial: Persisted = { groups: [{ name: 'default', createdMs: nowMs }], schedules: [] };
  const document = documentAt<Persisted>(join(directory, 'schedules.json'), initial);
  const persisted = document.read();
  const groups = new Map(persisted.groups.map((group) => [group.name, group]));
  const schedules = new Map(persisted.schedules.map((schedule) => [keyOf(schedule), schedule]));
  const save = () => document.write({ groups: [...groups.values()], schedules: [...schedules.values()] });
  return {
    get: (key) => schedules.get(key),
    all: () => [...schedules.values()],
    put: (schedule) => {
      schedules.set(keyOf(schedule), schedule);
      save();
    },
    delete: (key) => {
      schedules.delete(key);
      save();
    },
    groups,
    putGroup: (group) => {
      groups.set(group.name, group);
      save();
    },
    deleteGroup: (name) => {
      groups.delete(name);
      for (const [key, schedule] of schedules) if (schedule.group === name) schedules.delete(key);
      save();
    },
  };
}

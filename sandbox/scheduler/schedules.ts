import { isDeepStrictEqual } from 'node:util';
import { arn } from '../aws/account.ts';
import { AwsError, type JsonObject } from '../aws/protocol.ts';
import { checkName, type Definition, definitionFrom, invalid } from './definition.ts';
import { nextOccurrence, parseExpression } from './expression.ts';
import type { Firing } from './firing.ts';
import { requireGroup } from './groups.ts';
import { keyOf, type Schedule, type Store, timingOf } from './store.ts';
import type { RestOperation } from './wire.ts';

/** AWS fires within the minute of the expression, so a time of just now still counts. */
const AT_TOLERANCE_MS = 60_000;
const PAGE_SIZE = 100;

export function scheduleOperations(
  store: Store,
  firing: Firing,
  now: () => number,
): Readonly<Record<'create' | 'get' | 'update' | 'delete' | 'list', RestOperation>> {
  const existing = (name: string, group: string | null): Schedule => {
    requireGroup(store, group ?? 'default');
    const schedule = store.get(keyOf({ name, group: group ?? 'default' }));
    if (schedule) return schedule;
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { statusCode: 404 });
  };
  const save = (schedule: Schedule): JsonObject => {
    store.put(schedule);
    firing.changed(keyOf(schedule));
    return { ScheduleArn: arnOf(schedule) };
  };
  return {
    create: (name, members) => {
      const group = requireGroup(store, String(members.GroupName ?? 'default'));
      const schedule = created(checkName(name), group, members, now());
      const previous = store.get(keyOf(schedule));
      if (!previous) return save(schedule);
      if (isRepetition(previous, schedule)) return { ScheduleArn: arnOf(previous) };
      throw new AwsError('ConflictException', `Schedule ${name} already exists.`, { statusCode: 409 });
    },
    get: (name, _members, parameters) => describe(existing(name, parameters.get('groupName'))),
    update: (name, members) => {
      const previous = existing(name, String(members.GroupName ?? 'default'));
      return save(updated(previous, definitionFrom(members), now()));
    },
    delete: (name, _members, parameters) => {
      const key = keyOf(existing(name, parameters.get('groupName')));
      store.delete(key);
      firing.changed(key);
      return {};
    },
    list: (_name, _members, parameters) => list(store, parameters),
  };
}

function created(name: string, group: string, members: JsonObject, nowMs: number): Schedule {
  const definition = definitionFrom(members);
  const { ClientToken } = members;
  return {
    name,
    group,
    definition,
    clientToken: typeof ClientToken === 'string' ? ClientToken : undefined,
    createdMs: nowMs,
    modifiedMs: nowMs,
    ...beginning(definition, nowMs),
    pending: [],
  };
}

/** A retried request carries the token of the first attempt. */
function isRepetition(previous: Schedule, schedule: Schedule): boolean {
  const sameToken = schedule.clientToken !== undefined && schedule.clientToken === previous.clientToken;
  return sameToken && isDeepStrictEqual(schedule.definition, previous.definition);
}

/** What was missed while a schedule was disabled stays missed; a new expression or start begins anew. */
function updated(previous: Schedule, definition: Definition, nowMs: number): Schedule {
  const when = ({ ScheduleExpression, ScheduleExpressionTimezone, StartDate }: Definition) =>
    [ScheduleExpression, ScheduleExpressionTimezone, StartDate].join();
  const unchanged = when(definition) === when(previous.definition);
  const wasDisabled = previous.definition.State === 'DISABLED';
  const resumed = wasDisabled ? { cursorMs: Math.max(previous.cursorMs, nowMs) } : {};
  const position = unchanged ? resumed : beginning(definition, nowMs);
  return { ...previous, definition, modifiedMs: nowMs, ...position };
}

/** A rate without a start date fires at once. A schedule that would never fire is refused, so that nobody waits for it. */
function beginning(definition: Definition, nowMs: number): { anchorMs: number; cursorMs: number } {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate } = definition;
  const expression = parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  const anchorMs = StartDate === undefined ? nowMs : StartDate * 1000;
  const cursorMs = { at: nowMs - AT_TOLERANCE_MS, rate: nowMs - 1, cron: nowMs }[expression.kind];
  if (nextOccurrence(timingOf({ definition, anchorMs }), cursorMs) === undefined)
    throw invalid(`The schedule ${ScheduleExpression} has no time to come.`);
  return { anchorMs, cursorMs };
}

function list(store: Store, parameters: URLSearchParams): JsonObject {
  const group = parameters.get('ScheduleGroup');
  const state = parameters.get('State');
  const prefix = parameters.get('NamePrefix') ?? '';
  const from = Number(parameters.get('NextToken') ?? 0);
  const size = Number(parameters.get('MaxResults') ?? PAGE_SIZE);
  if (!(from >= 0) || !(size >= 1 && size <= PAGE_SIZE)) throw invalid('NextToken or MaxResults is invalid.');
  const all = store
    .all()
    .filter((schedule) => !group || schedule.group === group)
    .filter((schedule) => !state || schedule.definition.State === state)
    .filter((schedule) => schedule.name.startsWith(prefix))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const next = from + size < all.length ? { NextToken: String(from + size) } : {};
  return { Schedules: all.slice(from, from + size).map(summarize), ...next };
}

function describe(schedule: Schedule): JsonObject {
  return { ...summarize(schedule), ...schedule.definition };
}

function summarize(schedule: Schedule): JsonObject {
  return {
    Arn: arnOf(schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.definition.State,
    CreationDate: schedule.createdMs / 1000,
    LastModificationDate: schedule.modifiedMs / 1000,
    Target: { Arn: schedule.definition.Target.Arn },
  };
}

function arnOf(schedule: Schedule): string {
  return arn('scheduler', `schedule/${keyOf(schedule)}`);
}

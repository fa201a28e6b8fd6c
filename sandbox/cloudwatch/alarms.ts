import * as v from 'valibot';
import type { Emit } from '../aws/events.ts';
import { integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { configurationOf, definitionFrom } from './definition.ts';
import { type Alarm, type AlarmState, type Alarms, arnOf, STATES } from './store.ts';

const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;
const TYPES = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'] as const;

const describeInput = members({
  AlarmNames: v.optional(listOf(text, 100), []),
  AlarmNamePrefix: v.optional(text),
  AlarmTypes: v.optional(listOf(oneOf(TYPES), TYPES.length)),
  StateValue: v.optional(oneOf(STATES)),
  MaxRecords: v.optional(integer(1, MAX_PAGE_SIZE), PAGE_SIZE),
  NextToken: v.optional(text),
});
const setStateInput = members({
  AlarmName: text,
  StateValue: oneOf(STATES),
  StateReason: v.string('must be a string'),
  StateReasonData: v.optional(v.string('must be a string')),
});
const deleteInput = members({ AlarmNames: listOf(text, 100, 1) });

export function alarmOperations(
  alarms: Alarms,
  emit: Emit,
  now: () => number,
): Readonly<Record<string, Operation>> {
  return {
    PutMetricAlarm: (input) => {
      const definition = definitionFrom(input);
      const previous = alarms.find(definition.AlarmName);
      const { state = beginning(now()), metricId = crypto.randomUUID() } = previous ?? {};
      alarms.put({ definition, metricId, configuredMs: now(), state });
      return {};
    },
    DescribeAlarms: (input) => describeAlarms(alarms, input),
    SetAlarmState: (input) => {
      const { AlarmName, ...asked } = read(setStateInput, input, 'ValidationException');
      const previous = alarms.get(AlarmName);
      const alarm = { ...previous, state: stateFrom(asked, previous.state, now()) };
      alarms.put(alarm);
      if (alarm.state.value !== previous.state.value) emit(stateChange(alarm, previous.state));
      return {};
    },
    DeleteAlarms: (input) => {
      const { AlarmNames } = read(deleteInput, input, 'ValidationException');
      alarms.delete(AlarmNames.map((name) => alarms.get(name).definition.AlarmName));
      return {};
    },
  };
}

function beginning(nowMs: number): AlarmState {
  const reason = 'Unchecked: Initial alarm creation';
  const times = { updatedMs: nowMs, changedMs: nowMs };
  return { value: 'INSUFFICIENT_DATA', reason, reasonData: undefined, ...times };
}

function stateFrom(
  asked: Omit<v.InferOutput<typeof setStateInput>, 'AlarmName'>,
  previous: AlarmState,
  nowMs: number,
): AlarmState {
  const { StateValue: value, StateReason: reason, StateReasonData: reasonData } = asked;
  if (reasonData !== undefined && !isJson(reasonData))
    throw new AwsError('InvalidFormatFault', `StateReasonData must be JSON; received '${reasonData}'.`);
  const changedMs = value === previous.value ? previous.changedMs : nowMs;
  return { value, reason, reasonData, updatedMs: nowMs, changedMs };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** CloudWatch tells of changes only: an alarm that is in ALARM already tells nothing. */
function stateChange(alarm: Alarm, previous: AlarmState) {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [arnOf(alarm)],
    detail: {
      alarmName: alarm.definition.AlarmName,
      state: eventState(alarm.state),
      previousState: eventState(previous),
      configuration: configurationOf(alarm.definition, alarm.metricId),
    },
  };
}

function eventState({ value, reason, reasonData, updatedMs }: AlarmState): JsonObject {
  const timestamp = new Date(updatedMs).toISOString().replace('Z', '+0000');
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp };
}

function describeAlarms(alarms: Alarms, input: JsonObject): JsonObject {
  const asked = read(describeInput, input, 'ValidationException');
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes, StateValue, MaxRecords, NextToken = '0' } = asked;
  if (AlarmNames.length > 0 && AlarmNamePrefix !== '') {
    const message = 'AlarmNames and AlarmNamePrefix cannot be given together.';
    throw new AwsError('InvalidParameterCombinationException', message);
  }
  if (!/^\d+$/.test(NextToken)) throw new AwsError('InvalidNextToken', `NextToken '${NextToken}' is none.`);
  const from = Number(NextToken);
  const found = alarms
    .all()
    .filter(() => AlarmTypes?.includes('MetricAlarm') ?? true)
    .filter(({ definition }) => AlarmNames.length === 0 || AlarmNames.includes(definition.AlarmName))
    .filter(({ definition }) => definition.AlarmName.startsWith(AlarmNamePrefix))
    .filter(({ state }) => StateValue === undefined || state.value === StateValue);
  const next = from + MaxRecords;
  return {
    MetricAlarms: found.slice(from, next).map(describe),
    CompositeAlarms: [],
    ...(next < found.length && { NextToken: String(next) }),
  };
}

function describe(alarm: Alarm): JsonObject {
  const { definition, state, configuredMs } = alarm;
  return {
    ...definition,
    AlarmArn: arnOf(alarm),
    AlarmConfigurationUpdatedTimestamp: configuredMs / 1000,
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: state.updatedMs / 1000,
    StateTransitionedTimestamp: state.changedMs / 1000,
  };
}

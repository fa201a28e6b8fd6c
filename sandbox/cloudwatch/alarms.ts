import * as v from 'valibot';
import { integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import type { FoundState, SetState } from './alarm-states.ts';
import { definitionFrom } from './definition.ts';
import { combination } from './errors.ts';
import type { Evaluator } from './evaluator.ts';
import { type Alarm, type AlarmState, type Alarms, arnOf, STATES } from './store.ts';

const MOST_ALARMS = 1_000;
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

export function alarmOperations(options: {
  readonly alarms: Alarms;
  readonly setState: SetState;
  readonly evaluator: Evaluator;
  readonly now: () => number;
}): Readonly<Record<string, Operation>> {
  const { alarms, setState, evaluator, now } = options;
  return {
    PutMetricAlarm(input) {
      const definition = definitionFrom(input);
      const name = definition.AlarmName;
      const previous = alarms.find(name);
      if (!previous && alarms.all().length >= MOST_ALARMS) throw tooMany();
      const { state = beginning(now()), metricId = crypto.randomUUID() } = previous ?? {};
      alarms.put({ definition, metricId, configuredMs: now(), state });
      evaluator.evaluate(name);
      return {};
    },
    DescribeAlarms: (input) => describeAlarms(alarms, input),
    SetAlarmState(input) {
      const { AlarmName, ...asked } = read(setStateInput, input, 'ValidationException');
      setState(alarms.get(AlarmName), stateFrom(asked));
      evaluator.reconsider(AlarmName);
      return {};
    },
    DeleteAlarms(input) {
      const { AlarmNames } = read(deleteInput, input, 'ValidationException');
      alarms.delete(AlarmNames.map((name) => alarms.get(name).definition.AlarmName));
      for (const name of AlarmNames) evaluator.reconsider(name);
      return {};
    },
  };
}

function tooMany(): AwsError {
  return new AwsError(
    'LimitExceededFault',
    `The sandbox has ${MOST_ALARMS} alarms, and no room for another one.`,
  );
}

function beginning(nowMs: number): AlarmState {
  const reason = 'Unchecked: Initial alarm creation';
  const times = { updatedMs: nowMs, changedMs: nowMs };
  return { value: 'INSUFFICIENT_DATA', reason, reasonData: undefined, ...times };
}

function stateFrom(asked: Omit<v.InferOutput<typeof setStateInput>, 'AlarmName'>): FoundState {
  const { StateValue: value, StateReason: reason, StateReasonData: reasonData } = asked;
  if (reasonData !== undefined && !isJson(reasonData))
    throw new AwsError('InvalidFormatFault', `StateReasonData must be JSON; received '${reasonData}'.`);
  return { value, reason, reasonData };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function describeAlarms(alarms: Alarms, input: JsonObject): JsonObject {
  const asked = read(describeInput, input, 'ValidationException');
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes, StateValue, MaxRecords, NextToken = '0' } = asked;
  if (AlarmNames.length > 0 && AlarmNamePrefix !== '') {
    throw combination('AlarmNames and AlarmNamePrefix cannot be given together.');
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
    ...(definition.Metrics === undefined && { Dimensions: definition.Dimensions ?? [] }),
    AlarmArn: arnOf(alarm),
    AlarmConfigurationUpdatedTimestamp: configuredMs / 1000,
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: state.updatedMs / 1000,
    StateTransitionedTimestamp: state.changedMs / 1000,
  };
}

import type { Emit } from '../aws/events.ts';
import type { JsonObject } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import type { Definition } from './definition.ts';
import { instant } from './reason.ts';
import { type Alarm, type AlarmState, type Alarms, arnOf } from './store.ts';
import { metricsOf } from './watch.ts';

/** Gives an alarm a state, whoever found it. */
export type SetState = (alarm: Alarm, found: FoundState) => void;

export type FoundState = Pick<AlarmState, 'value' | 'reason' | 'reasonData'>;

/** Stores the state, and tells of changes only: an alarm that is in ALARM already tells nothing. */
export function stateSetter(alarms: Alarms, emit: Emit, truth: Truth, now: () => number): SetState {
  return (previous, found) => {
    const updatedMs = now();
    const { value: from, changedMs } = previous.state;
    const isChange = found.value !== from;
    const alarm = {
      ...previous,
      state: { ...found, updatedMs, changedMs: isChange ? updatedMs : changedMs },
    };
    alarms.put(alarm);
    if (!isChange) return;
    truth('alarm-state', { name: alarm.definition.AlarmName, from, to: found.value });
    emit(stateChange(alarm, previous.state));
  };
}

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
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: instant(updatedMs) };
}

function configurationOf(definition: Definition, metricId: string): JsonObject {
  const { AlarmDescription } = definition;
  return {
    ...(AlarmDescription !== undefined && { description: AlarmDescription }),
    metrics: metricsOf(definition, metricId).map(
      ({ Id, MetricStat, Expression, Label, ReturnData = true }) => ({
        id: Id,
        ...(MetricStat && { metricStat: metricStat(MetricStat) }),
        ...(Expression !== undefined && { expression: Expression }),
        ...(Label !== undefined && { label: Label }),
        returnData: ReturnData,
      }),
    ),
  };
}

function metricStat({ Metric, Period, Stat, Unit }: MetricStat): JsonObject {
  const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  return {
    metric: { namespace: Metric.Namespace, name: Metric.MetricName, dimensions },
    period: Period,
    stat: Stat,
    ...(Unit !== undefined && { unit: Unit }),
  };
}

type MetricStat = NonNullable<ReturnType<typeof metricsOf>[number]['MetricStat']>;

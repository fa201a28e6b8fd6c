import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import type { JsonObject } from '../aws/protocol.ts';

const string = v.string('must be a string');
const number = v.number('must be a number');
const actions = v.optional(listOf(text, 5), []);
const alarmName = v.pipe(text, v.maxLength(255, 'may have 255 characters'));

const definition = members({
  AlarmName: alarmName,
  AlarmDescription: v.optional(string),
  ActionsEnabled: v.optional(flag, true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  MetricName: text,
  Namespace: text,
  Statistic: v.optional(oneOf(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'])),
  ExtendedStatistic: v.optional(text),
  Dimensions: v.optional(listOf(members({ Name: text, Value: text }), 30), []),
  Period: integer(1, 604_800),
  Unit: v.optional(text),
  EvaluationPeriods: integer(1, 1440),
  DatapointsToAlarm: v.optional(integer(1, 1440)),
  Threshold: number,
  ComparisonOperator: oneOf([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  TreatMissingData: v.optional(oneOf(['breaching', 'notBreaching', 'ignore', 'missing'])),
  EvaluateLowSampleCountPercentile: v.optional(oneOf(['evaluate', 'ignore'])),
});

/** What a user said about an alarm on one metric, in the API's own names, with the defaults filled in. */
export type Definition = v.InferOutput<typeof definition>;

/** Throws ValidationException. */
export function definitionFrom(input: JsonObject): Definition {
  return read(definition, input, 'ValidationException');
}

/** As events tell it. */
export function configurationOf(definition: Definition, metricId: string): JsonObject {
  const { AlarmDescription, Namespace, MetricName, Dimensions, Period } = definition;
  const { Statistic, ExtendedStatistic } = definition;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const metricStat = {
    metric: { namespace: Namespace, name: MetricName, dimensions },
    period: Period,
    stat: Statistic ?? ExtendedStatistic,
  };
  return {
    ...(AlarmDescription !== undefined && { description: AlarmDescription }),
    metrics: [{ id: metricId, metricStat, returnData: true }],
  };
}

import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, read, text } from '../aws/input.ts';
import type { JsonObject } from '../aws/protocol.ts';
import { invalid } from './errors.ts';
import { dimensions, metricDataQuery, period, statistic } from './metric-data-query.ts';
import { unit } from './units.ts';
import { watchOf } from './watch.ts';

const string = v.string('must be a string');
const actions = v.optional(listOf(text, 5), []);
const alarmName = v.pipe(text, v.maxLength(255, 'may have 255 characters'));
const MOST_PERIODS = 86_400;

const definition = members({
  AlarmName: alarmName,
  AlarmDescription: v.optional(string),
  ActionsEnabled: v.optional(flag, true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  MetricName: v.optional(text),
  Namespace: v.optional(text),
  Statistic: v.optional(statistic),
  ExtendedStatistic: v.optional(text),
  Dimensions: v.optional(dimensions),
  Period: v.optional(period),
  Unit: v.optional(unit),
  /** Ten metrics and ten expressions. */
  Metrics: v.optional(listOf(metricDataQuery, 20, 1)),
  EvaluationPeriods: integer(1, MOST_PERIODS),
  DatapointsToAlarm: v.optional(integer(1, MOST_PERIODS)),
  Threshold: v.number('must be a number'),
  ComparisonOperator: oneOf([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  TreatMissingData: v.optional(oneOf(['breaching', 'notBreaching', 'ignore', 'missing'])),
  EvaluateLowSampleCountPercentile: v.optional(oneOf(['evaluate', 'ignore'])),
});

/** What a user said about an alarm, in the API's own names, with the defaults filled in. */
export type Definition = v.InferOutput<typeof definition>;

const DAY_SECONDS = 86_400;

/** Throws ValidationException, or InvalidParameterCombinationException for what cannot be said together. */
export function definitionFrom(input: JsonObject): Definition {
  const found = read(definition, input, 'ValidationException');
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = found;
  const { periodSeconds } = watchOf(found);
  if (periodSeconds < 10)
    throw invalid(
      `The Period of an alarm is 10, 20, 30 or a multiple of 60 seconds; received ${periodSeconds}.`,
    );
  if (DatapointsToAlarm > EvaluationPeriods)
    throw invalid(
      `DatapointsToAlarm (${DatapointsToAlarm}) may not exceed EvaluationPeriods (${EvaluationPeriods}).`,
    );
  const allowedSeconds = periodSeconds < 3_600 ? DAY_SECONDS : 7 * DAY_SECONDS;
  const seconds = EvaluationPeriods * periodSeconds;
  if (seconds > allowedSeconds)
    throw invalid(
      `EvaluationPeriods (${EvaluationPeriods}) of ${periodSeconds} seconds are ${seconds} seconds; allowed are ${allowedSeconds}.`,
    );
  return found;
}

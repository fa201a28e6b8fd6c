import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, text } from '../aws/input.ts';
import type { Metric } from './metrics.ts';
import { STATISTICS } from './statistics.ts';
import { unit } from './units.ts';

const string = v.string('must be a string');
const MOST_SECONDS = 604_800;
const PERIOD_RULE = 'must be 1, 5, 10, 20, 30 or a multiple of 60 seconds';
const ID_RULE = 'must begin with a lowercase letter and have letters, digits and _ only, at most 255';

export const dimensions = listOf(members({ Name: text, Value: text }), 30);
export const period = v.pipe(
  integer(1, MOST_SECONDS),
  v.check((seconds) => [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0, PERIOD_RULE),
);
export const statistic = oneOf(STATISTICS);

export const metricDataQuery = members({
  Id: v.pipe(text, v.regex(/^[a-z][A-Za-z0-9_]{0,254}$/, ID_RULE)),
  MetricStat: v.optional(
    members({
      Metric: members({ Namespace: text, MetricName: text, Dimensions: v.optional(dimensions, []) }),
      Period: period,
      Stat: text,
      Unit: v.optional(unit),
    }),
  ),
  Expression: v.optional(text),
  Label: v.optional(string),
  ReturnData: v.optional(flag),
  Period: v.optional(period),
});
export type MetricDataQuery = v.InferOutput<typeof metricDataQuery>;

export function metricOf(input: {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: v.InferOutput<typeof dimensions>;
}): Metric {
  const named = Object.fromEntries(input.Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: input.Namespace, name: input.MetricName, dimensions: named };
}

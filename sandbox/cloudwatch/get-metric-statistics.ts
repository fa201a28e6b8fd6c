import * as v from 'valibot';
import { listOf, members, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { combination } from './errors.ts';
import { gridFrom } from './get-metric-data.ts';
import { dimensions, metricOf, period, statistic } from './metric-data-query.ts';
import type { Metrics } from './metrics.ts';
import { statisticFrom } from './queries.ts';
import { type Bucket, bucketsOf } from './read-metric.ts';
import { unit } from './units.ts';

const MOST_DATAPOINTS = 1_440;

const input = members({
  Namespace: text,
  MetricName: text,
  Dimensions: v.optional(dimensions, []),
  StartTime: v.number('must be a time'),
  EndTime: v.number('must be a time'),
  Period: period,
  Statistics: v.optional(listOf(statistic, 5), []),
  ExtendedStatistics: v.optional(listOf(text, 10), []),
  Unit: v.optional(unit),
});

/** Datapoints of one metric, oldest first; AWS promises no order. */
export function getMetricStatistics(metrics: Metrics): Operation {
  return (asked) => {
    const wanted = read(input, asked, 'InvalidParameterValueException');
    const { Statistics, ExtendedStatistics, StartTime, EndTime, Period, Unit } = wanted;
    if (Statistics.length + ExtendedStatistics.length === 0)
      throw new AwsError(
        'MissingRequiredParameterException',
        'Statistics or ExtendedStatistics is required.',
      );
    const grid = gridFrom(StartTime, EndTime, Period);
    if (grid.periods > MOST_DATAPOINTS) throw tooMany(grid.periods);
    const buckets = bucketsOf(metrics, metricOf(wanted), grid, Unit);
    const describe = describedBy(Statistics, ExtendedStatistics);
    return { Label: wanted.MetricName, Datapoints: buckets.map(describe) };
  };
}

function describedBy(
  names: readonly string[],
  extendedNames: readonly string[],
): (bucket: Bucket) => JsonObject {
  const valuesOf = (all: readonly string[]) => {
    const statistics = all.map((name) => [name, statisticFrom(name)] as const);
    return ({ samples }: Bucket) =>
      Object.fromEntries(statistics.map(([name, statistic]) => [name, statistic(samples)]));
  };
  const [simple, extended] = [valuesOf(names), valuesOf(extendedNames)];
  return (bucket) => ({
    Timestamp: bucket.atMs / 1_000,
    Unit: bucket.samples[0]?.unit ?? 'None',
    ...simple(bucket),
    ...(extendedNames.length > 0 && { ExtendedStatistics: extended(bucket) }),
  });
}

function tooMany(periods: number): AwsError {
  return combination(
    `This would be ${periods} datapoints, allowed are ${MOST_DATAPOINTS}. Ask for a shorter time or a longer Period.`,
  );
}

import * as v from 'valibot';
import { integer, listOf, members, oneOf, read } from '../aws/input.ts';
import type { AwsError, JsonObject, Operation } from '../aws/protocol.ts';
import { invalid } from './errors.ts';
import { type MetricDataQuery, metricDataQuery } from './metric-data-query.ts';
import type { Metrics } from './metrics.ts';
import { queriesFrom } from './queries.ts';
import type { Datapoint, Grid } from './read-metric.ts';

const MOST_DATAPOINTS = 100_800;
const MINUTE_SECONDS = 60;

const input = members({
  MetricDataQueries: listOf(metricDataQuery, 500, 1),
  StartTime: v.number('must be a time'),
  EndTime: v.number('must be a time'),
  ScanBy: v.optional(oneOf(['TimestampDescending', 'TimestampAscending']), 'TimestampDescending'),
  MaxDatapoints: v.optional(integer(1, MOST_DATAPOINTS), MOST_DATAPOINTS),
});

/** In true time, however long a minute of an alarm lasts. Everything is in one page; what would need two is refused. */
export function getMetricData(metrics: Metrics): Operation {
  return (asked) => {
    const { MetricDataQueries, StartTime, EndTime, ScanBy, MaxDatapoints } = read(
      input,
      asked,
      'ValidationException',
    );
    const queries = new Map(queriesFrom(MetricDataQueries).map((query) => [query.id, query]));
    const returned = MetricDataQueries.filter(({ ReturnData = true }) => ReturnData);
    const results = returned.map((one) => {
      const query = queries.get(one.Id)!;
      const oldestFirst = query.datapoints(metrics, gridFrom(StartTime, EndTime, query.periodSeconds));
      return { one, points: ScanBy === 'TimestampAscending' ? oldestFirst : oldestFirst.toReversed() };
    });
    const found = results.reduce((total, { points }) => total + points.length, 0);
    if (found > MaxDatapoints) throw tooMany(found, MaxDatapoints);
    return { MetricDataResults: results.map(({ one, points }) => resultOf(one, points)), Messages: [] };
  };
}

/**
 * The periods from the start, which is inclusive, to the end, which is not. Both are taken to whole minutes, for shorter
 * periods to whole periods: the start down, and the end up, as a minute that has begun before the end belongs to the range.
 */
export function gridFrom(startSeconds: number, endSeconds: number, periodSeconds: number): Grid {
  if (startSeconds >= endSeconds)
    throw invalid(`The StartTime ${startSeconds} must be before the EndTime ${endSeconds}.`);
  const unit = Math.min(periodSeconds, MINUTE_SECONDS);
  const [start, end] = [Math.floor(startSeconds / unit) * unit, Math.ceil(endSeconds / unit) * unit];
  const periods = Math.ceil((end - start) / periodSeconds);
  if (periods > MOST_DATAPOINTS) throw tooMany(periods, MOST_DATAPOINTS);
  return { startMs: start * 1_000, periodMs: periodSeconds * 1_000, periods };
}

function resultOf({ Id, Label, MetricStat }: MetricDataQuery, points: readonly Datapoint[]): JsonObject {
  return {
    Id,
    Label: Label ?? MetricStat?.Metric.MetricName ?? Id,
    Timestamps: points.map(({ atMs }) => atMs / 1_000),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

function tooMany(found: number, allowed: number): AwsError {
  return invalid(
    `The sandbox answers in one page: this would be ${found} datapoints, allowed are ${allowed}. Ask for a shorter time or a longer Period.`,
  );
}

import type { Definition } from './definition.ts';
import { combination, invalid } from './errors.ts';
import type { MetricDataQuery } from './metric-data-query.ts';
import { type Query, queriesFrom } from './queries.ts';
import { percentileOf } from './statistics.ts';

/** Its own metric has no Id in the input of a user. */
const OWN = 'm1';
const OF_ONE_METRIC = [
  'MetricName',
  'Namespace',
  'Dimensions',
  'Period',
  'Unit',
  'Statistic',
  'ExtendedStatistic',
] as const;

/**
 * The query that an alarm watches. Throws ValidationException, or InvalidParameterCombinationException when one metric and
 * several are given together.
 */
export function watchOf(definition: Definition): Query {
  const queries = metricsOf(definition, OWN);
  const watched = queries.filter(({ ReturnData = true }) => ReturnData).map(({ Id }) => Id);
  if (watched.length !== 1)
    throw invalid(
      `Exactly one of the Metrics has ReturnData true, or none said; received ${watched.length} of ${queries.length}: [${watched.join(', ')}].`,
    );
  return queriesFrom(queries).find(({ id }) => id === watched[0])!;
}

/** Both forms of an alarm as queries; the one metric of the short form gets the Id. */
export function metricsOf(definition: Definition, id: string): readonly MetricDataQuery[] {
  const given = OF_ONE_METRIC.filter((name) => definition[name] !== undefined);
  if (definition.Metrics === undefined)
    return [{ Id: id, MetricStat: metricStatOf(definition), ReturnData: true }];
  if (given.length === 0) return definition.Metrics;
  throw combination(`Metrics cannot be given together with ${given.join(', ')}.`);
}

/** As the alarm's statistic is called; undefined for metric math. */
export function statisticOf({ Statistic, ExtendedStatistic }: Definition): string | undefined {
  return Statistic ?? ExtendedStatistic;
}

/** CloudWatch takes a percentile for significant from so many samples: ten in the part that it cuts off. */
export function leastSamplesOf(definition: Definition): number {
  const share = percentileOf(definition.ExtendedStatistic ?? '');
  if (share === undefined || definition.EvaluateLowSampleCountPercentile !== 'ignore') return 0;
  // Rounded before it is rounded up, as 10 / (1 - 0.9) is 100.00000000000001 here.
  return Math.ceil(Number((10 / (share < 0.5 ? share : 1 - share)).toFixed(6)));
}

function metricStatOf(definition: Definition): NonNullable<MetricDataQuery['MetricStat']> {
  const { Namespace, MetricName, Dimensions = [], Period, Unit, Statistic, ExtendedStatistic } = definition;
  if (Namespace === undefined || MetricName === undefined || Period === undefined)
    throw invalid('An alarm needs either Metrics, or MetricName, Namespace and Period.');
  const Stat = Statistic ?? ExtendedStatistic;
  if (Stat === undefined)
    throw invalid('An alarm on one metric needs either Statistic or ExtendedStatistic.');
  if (Statistic !== undefined && ExtendedStatistic !== undefined)
    throw combination('Statistic and ExtendedStatistic cannot be given together.');
  return { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, ...(Unit !== undefined && { Unit }) };
}

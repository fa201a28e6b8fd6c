import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CountSource } from '../../drill/plan/plan.ts';
import type { BadWindow } from '../../drill/side-effects.ts';

type MetricSource = Extract<CountSource, { metric: object }>['metric'];

const PERIOD_SECONDS = 60;
const PERIOD_MS = PERIOD_SECONDS * 1_000;

/** The sum of a metric over the whole minutes that touch the window. Throws when CloudWatch does not tell it all. */
export async function countByMetric(
  cloudWatch: CloudWatchClient,
  { namespace, metric, dimensions }: MetricSource,
  { since, until }: BadWindow,
  signal: AbortSignal,
): Promise<number> {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: metric, Dimensions };
  const command = new GetMetricDataCommand({
    MetricDataQueries: [{ Id: 'count', MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Sum' } }],
    StartTime: new Date(Math.floor(since / PERIOD_MS) * PERIOD_MS),
    EndTime: new Date(Math.ceil((until + 1) / PERIOD_MS) * PERIOD_MS),
  });
  const { MetricDataResults: [found] = [], NextToken } = await cloudWatch.send(command, {
    abortSignal: signal,
  });
  if (found?.StatusCode !== 'Complete' || NextToken)
    throw new Error(
      `CloudWatch answered ${found?.StatusCode ?? 'nothing'} for ${namespace} ${metric}, expected Complete`,
    );
  return Math.round((found.Values ?? []).reduce((sum, value) => sum + value, 0));
}

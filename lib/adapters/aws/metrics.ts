import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataResult,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import type { Metrics, MetricValue } from '../../ports/validations.ts';

const MOST_PAGES = 20;

/** Metrics of Amazon CloudWatch. Throws when it does not tell them all. */
export function cloudWatchMetrics(cloudWatch: CloudWatchClient): Metrics {
  return async ({ namespace, metric, dimensions, stat, periodMs, unit }, { fromMs, untilMs }, signal) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricStat = {
      Metric: { Namespace: namespace, MetricName: metric, Dimensions },
      Period: periodMs / 1_000,
      Stat: stat,
      ...(unit === undefined ? {} : { Unit: unit as StandardUnit }),
    };
    const request: GetMetricDataCommandInput = {
      MetricDataQueries: [{ Id: 'values', MetricStat }],
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      ScanBy: 'TimestampAscending',
    };
    const values: MetricValue[] = [];
    let NextToken: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const command = new GetMetricDataCommand({ ...request, ...(NextToken ? { NextToken } : {}) });
      const answer = await cloudWatch.send(command, { abortSignal: signal });
      const [found] = answer.MetricDataResults ?? [];
      const status = found?.StatusCode ?? 'nothing';
      if (status !== 'Complete' && status !== 'PartialData')
        throw new Error(`CloudWatch answered ${status} for ${namespace} ${metric}; allowed is Complete`);
      values.push(...valuesOf(found));
      NextToken = answer.NextToken;
      if (!NextToken && status === 'Complete') return values;
      if (!NextToken) break;
    }
    throw new Error(`CloudWatch did not tell all of ${namespace} ${metric} in ${MOST_PAGES} pages`);
  };
}

function valuesOf({ Timestamps = [], Values = [] }: MetricDataResult = {}): readonly MetricValue[] {
  return Values.flatMap((value, index) => {
    const at = Timestamps[index];
    return at ? [{ atMs: at.getTime(), value }] : [];
  });
}

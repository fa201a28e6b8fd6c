import type { Emit } from '../aws/events.ts';
import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { stateSetter } from './alarm-states.ts';
import { alarmOperations } from './alarms.ts';
import { startEvaluator } from './evaluator.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { inflated } from './inflated.ts';
import { listMetrics } from './list-metrics.ts';
import { type Datum, type Metric, openMetrics, type Sample, sampleOf } from './metrics.ts';
import { putMetricData } from './put-metric-data.ts';
import { openAlarms } from './store.ts';

export interface CloudWatch {
  readonly endpoint: Endpoint;
  /** What an AWS service measures of itself. Never fails; a datum without values says nothing. */
  record(data: readonly Datum[]): void;
  close(): void;
}

/** Metrics live as long as the process; alarms and their state survive restarts in `directory`. */
export function startCloudWatch(options: {
  readonly directory: string;
  readonly emit: Emit;
  readonly truth?: Truth;
  readonly now?: () => number;
  /** How long a minute of its alarms lasts, for real. */
  readonly minuteMs?: number;
}): CloudWatch {
  const { directory, emit, truth = () => {}, now = Date.now, minuteMs = 60_000 } = options;
  const [alarms, metrics] = [openAlarms(directory), openMetrics(now)];
  const setState = stateSetter(alarms, emit, truth, now);
  const evaluator = startEvaluator({ alarms, metrics, setState, now, minuteMs });
  const add = (metric: Metric, sample: Sample): void => {
    metrics.add(metric, sample);
    evaluator.heard(metric);
  };
  const operations = {
    ...alarmOperations({ alarms, setState, evaluator, now }),
    PutMetricData: putMetricData(add, now),
    GetMetricData: getMetricData(metrics),
    GetMetricStatistics: getMetricStatistics(metrics),
    ListMetrics: listMetrics(metrics),
  };
  return {
    endpoint: inflated(jsonEndpoint(operations, '1.0')),
    record(data) {
      for (const datum of data) {
        const sample = sampleOf(datum);
        if (sample) add(datum, sample);
      }
    },
    close: evaluator.close,
  };
}

import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clientSettings } from '../aws/client-settings.ts';

/** What the shop's team measures itself: metrics whose values are 0 for an attempt that succeeded, and 1 for a failed one. */
export interface TeamMetrics {
  attempted(metric: TeamMetric, failed: boolean): void;
  stop(): void;
}

export type TeamMetric = 'LoginFailure' | 'OrderFailure';

const NAMESPACE = 'Shop';
const PUT_EVERY_MS = 500;
/** What CloudWatch did not take by then is dropped. */
const MOST_BATCHES_HELD = 6;
const PATIENCE = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
};

/** Puts them like any program that uses AWS, some times a second; where there was no attempt, no value. */
export function teamMetrics(
  environment: Readonly<Record<string, string>>,
  putEveryMs = PUT_EVERY_MS,
): TeamMetrics {
  const client = new CloudWatchClient({ ...clientSettings(environment), ...PATIENCE });
  let counts = new Map<TeamMetric, Counts>();
  let held: readonly (readonly MetricDatum[])[] = [];
  let isPutting = false;
  const timer = setInterval(put, putEveryMs);

  return {
    attempted(metric, failed) {
      const { succeeded = 0, failed: before = 0 } = counts.get(metric) ?? {};
      counts.set(
        metric,
        failed ? { succeeded, failed: before + 1 } : { succeeded: succeeded + 1, failed: before },
      );
    },
    stop() {
      clearInterval(timer);
      client.destroy();
    },
  };

  async function put(): Promise<void> {
    const batch = dataOf(counts, new Date());
    counts = new Map();
    if (batch.length > 0) held = [...held, batch].slice(-MOST_BATCHES_HELD);
    if (isPutting || held.length === 0) return;
    isPutting = true;
    const going = held;
    const command = new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData: going.flat() });
    const isTaken = await client.send(command).then(
      () => true,
      () => false,
    );
    if (isTaken) held = held.filter((each) => !going.includes(each));
    isPutting = false;
  }
}

interface Counts {
  readonly succeeded: number;
  readonly failed: number;
}

function dataOf(counts: ReadonlyMap<TeamMetric, Counts>, Timestamp: Date): readonly MetricDatum[] {
  return [...counts].map(([MetricName, { succeeded, failed }]) => {
    const present = [
      [0, succeeded],
      [1, failed],
    ].filter(([, count]) => count !== 0);
    return {
      MetricName,
      Timestamp,
      Values: present.map(([value = 0]) => value),
      Counts: present.map(([, count = 0]) => count),
    };
  });
}

import {
  type CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { until } from './command.ts';

const ALARM = 'shop-orders-failing';
const [Namespace, MetricName] = ['Shop', 'OrderFailure'];

/** What the shop's team has in its account: an alarm on the orders that failed, which is OK as long as none does. */
export async function watchOrders(cloudWatch: CloudWatchClient): Promise<void> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: ALARM,
      Namespace,
      MetricName,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  await measureOrder(cloudWatch, 0);
}

/** Measures a failed order, after users have met the known-bad release; when they did is in epoch milliseconds. */
export async function failOrder(cloudWatch: CloudWatchClient, at: number): Promise<void> {
  // MiniStack tells only in which second an alarm has changed: a second that began before the deployment proves nothing.
  await until('the next second', 2_000, async () =>
    Math.floor(Date.now() / 1_000) * 1_000 >= at ? at : undefined,
  );
  await measureOrder(cloudWatch, 1);
}

/** No order has failed for a minute, which nobody wants to wait for. */
export async function recoverOrders(cloudWatch: CloudWatchClient): Promise<void> {
  const StateReason = 'no order has failed since the rollback';
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'OK', StateReason }));
}

/** CloudWatch judges the alarm for itself. */
async function measureOrder(cloudWatch: CloudWatchClient, Value: 0 | 1): Promise<void> {
  await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value }] }));
}

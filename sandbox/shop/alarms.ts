import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { clientSettings } from '../aws/client-settings.ts';

const ALARMS = [
  { AlarmName: 'shop-logins-failing', MetricName: 'LoginFailure', AlarmDescription: 'Users cannot log in.' },
  { AlarmName: 'shop-orders-failing', MetricName: 'OrderFailure', AlarmDescription: 'Users cannot buy.' },
];

/** The alarms that the team has on its own metrics: more than half of the attempts failed, in two minutes running. */
export async function putShopAlarms(environment: Readonly<Record<string, string>>): Promise<void> {
  const client = new CloudWatchClient(clientSettings(environment));
  const put = (alarm: (typeof ALARMS)[number]) =>
    client.send(
      new PutMetricAlarmCommand({
        ...alarm,
        Namespace: 'Shop',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        Threshold: 0.5,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
  try {
    await Promise.all(ALARMS.map(put));
  } finally {
    client.destroy();
  }
}

import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test, vi } from 'vitest';
import type { AwsEvent } from '../../../sandbox/aws/events.ts';
import { type CloudWatch, startCloudWatch } from '../../../sandbox/cloudwatch/service.ts';
import { startEventBridge } from '../../../sandbox/eventbridge/service.ts';
import { serve } from '../fixtures/served.ts';

const MINUTE_MS = 200;

test('a breaching metric becomes an event on the bus, and not before its period is over and published', async () => {
  const delivered: AwsEvent[] = [];
  const truth: (readonly [string, unknown])[] = [];
  const bus = startEventBridge({ deliver: async (_target, event) => void delivered.push(event as AwsEvent) });
  let cloudWatch: CloudWatch | undefined;
  const served = await serve((directory) => {
    const tell = (event: string, facts: unknown) => void truth.push([event, facts]);
    cloudWatch = startCloudWatch({ directory, emit: bus.emit, truth: tell, minuteMs: MINUTE_MS });
    return { monitoring: cloudWatch.endpoint, events: bus.endpoint };
  });
  const client = new CloudWatchClient(served.configuration);
  const events = new EventBridgeClient(served.configuration);
  const alarms = { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] };
  await events.send(new PutRuleCommand({ Name: 'alarms', EventPattern: JSON.stringify(alarms) }));
  const Targets = [{ Id: 'drill', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:observe-event' }];
  await events.send(new PutTargetsCommand({ Rule: 'alarms', Targets }));

  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'Shop',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }));
  expect(MetricAlarms?.[0]?.StateValue).toBe('OK');
  const measuredMs = Date.now();
  // Again and again, as a machine that stands still for a moment would let a single period pass unseen.
  await vi.waitFor(
    async () => {
      await client.send(
        new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'Errors', Value: 9 }] }),
      );
      expect(delivered.map(stateIn)).toEqual(['OK', 'ALARM']);
    },
    { timeout: 10_000, interval: 20 },
  );

  const alarmed = delivered[1]?.detail.state as { timestamp: string };
  const periodEndMs = Math.floor(measuredMs / MINUTE_MS + 1) * MINUTE_MS;
  expect(Date.parse(alarmed.timestamp)).toBeGreaterThanOrEqual(periodEndMs + MINUTE_MS / 2);
  expect(truth[1]).toEqual(['alarm-state', { name: 'errors', from: 'OK', to: 'ALARM' }]);

  cloudWatch?.close();
  client.destroy();
  events.destroy();
  await bus.close();
  await served.close();
});

function stateIn({ detail }: AwsEvent): string {
  return (detail.state as { value: string }).value;
}

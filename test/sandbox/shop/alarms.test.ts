import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { clientSettings } from '../../../sandbox/aws/client-settings.ts';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startCloudWatch } from '../../../sandbox/cloudwatch/service.ts';
import { putShopAlarms } from '../../../sandbox/shop/alarms.ts';
import { environmentFor } from '../../../sandbox/stores.ts';

test('the team has one alarm on log-ins and one on orders, however often the shop is deployed', async () => {
  await using account = await openAccount();
  await putShopAlarms(account.environment);
  await putShopAlarms(account.environment);
  const shared = {
    Namespace: 'Shop',
    Dimensions: [],
    Statistic: 'Average',
    Threshold: 0.5,
    ComparisonOperator: 'GreaterThanThreshold',
    Period: 60,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
  };
  expect(await account.alarms()).toMatchObject([
    { ...shared, AlarmName: 'shop-logins-failing', MetricName: 'LoginFailure' },
    { ...shared, AlarmName: 'shop-orders-failing', MetricName: 'OrderFailure' },
  ]);
});

test('the alarms of a shop without users come to be OK, so that a drill may start', async () => {
  await using account = await openAccount();
  await putShopAlarms(account.environment);
  const states = async () => (await account.alarms()).map(({ StateValue }) => StateValue);
  await expect.poll(states).toEqual(['OK', 'OK']);
});

/** An account with nothing but CloudWatch. */
async function openAccount() {
  const directory = mkdtempSync(join(tmpdir(), 'shop-alarms-'));
  const cloudWatch = startCloudWatch({ directory, emit: () => {} });
  const gateway = await startGateway({ monitoring: cloudWatch.endpoint });
  const environment = environmentFor(gateway.url);
  const client = new CloudWatchClient(clientSettings(environment));
  return {
    environment,
    alarms: async () => (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [],
    async [Symbol.asyncDispose]() {
      client.destroy();
      cloudWatch.close();
      await gateway.close();
      rmSync(directory, { recursive: true });
    },
  };
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientSettings } from '../../sandbox/aws/client-settings.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';

let directory: string;
let sandbox: Sandbox;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

test('nobody comes to a sandbox without shoppers', async () => {
  sandbox = await startSandbox({ directory, functions: () => [] });
  sandbox.resume();
  await fetch(sandbox.edgeUrl);
  await expect.poll(clients).toEqual(['node']);
});

test('shoppers do not come before the shop serves; what they get is measured, by the load balancer and by the team', async () => {
  sandbox = await startSandbox({ directory, functions: () => [], shoppersPerSecond: 50 });
  await fetch(sandbox.edgeUrl);
  await expect.poll(clients).toEqual(['node']);
  sandbox.resume();
  await expect.poll(clients).toContain('shopper');

  const cloudWatch = new CloudWatchClient(clientSettings(sandbox.environment));
  const dimensions = [{ Name: 'LoadBalancer', Value: 'app/shop/0123456789abcdef' }];
  const names = async () => (await cloudWatch.send(new ListMetricsCommand({}))).Metrics;
  await expect
    .poll(names, { timeout: 5_000 })
    .toEqual(
      expect.arrayContaining([
        { Namespace: 'AWS/ApplicationELB', MetricName: 'HTTPCode_ELB_503_Count', Dimensions: dimensions },
        expect.objectContaining({ Namespace: 'Shop', MetricName: 'LoginFailure' }),
      ]),
    );
  cloudWatch.destroy();
});

/** Who asked, in the order in which they were answered. */
function clients(): (string | undefined)[] {
  const lines = readFileSync(join(directory, 'truth.jsonl'), { encoding: 'utf8', flag: 'a+' }).split('\n');
  const told = lines.filter(Boolean).map((line) => JSON.parse(line) as { event: string; client?: string });
  return told.filter(({ event }) => event === 'response').map(({ client }) => client);
}

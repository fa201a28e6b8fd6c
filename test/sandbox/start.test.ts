import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
} from '@aws-sdk/client-cloudfront';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientSettings } from '../../sandbox/aws/client-settings.ts';
import { FAULTS, type Fault } from '../../sandbox/faults.ts';
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

test.each<[string, readonly Fault[], number]>([
  [
    'an edge that goes stale reports an invalidation as completed and forgets nothing',
    [FAULTS['stale-edge']],
    0,
  ],
  ['an invalidation is completed once the edge has forgotten', [], 1],
])('%s', async (_title, faults, purges) => {
  sandbox = await startSandbox({ directory, functions: () => [], faults });
  const client = new CloudFrontClient(clientSettings(sandbox.environment));
  const DistributionId = 'E1SANDBOXEDGE';
  const InvalidationBatch = { CallerReference: 'drill-1', Paths: { Quantity: 1, Items: ['/*'] } };
  const { Invalidation } = await client.send(
    new CreateInvalidationCommand({ DistributionId, InvalidationBatch }),
  );
  const asked = new GetInvalidationCommand({ DistributionId, Id: Invalidation?.Id });
  const status = async () => (await client.send(asked)).Invalidation?.Status;
  await expect.poll(status, { timeout: 5_000 }).toBe('Completed');
  client.destroy();
  await sandbox.close();
  expect(truth().filter(({ event }) => event === 'cache-purged')).toHaveLength(purges);
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
  return truth()
    .filter(({ event }) => event === 'response')
    .map(({ client }) => client);
}

function truth(): readonly { event: string; client?: string }[] {
  const lines = readFileSync(join(directory, 'truth.jsonl'), { encoding: 'utf8', flag: 'a+' }).split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

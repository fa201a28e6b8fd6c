import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import { test } from 'vitest';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startEcs } from '../../../sandbox/ecs/service.ts';
import { processRunner } from '../../../sandbox/processes/runner.ts';
import { shopImages } from '../../../sandbox/shop/images.ts';
import { startTraffic } from '../../../sandbox/traffic/start.ts';
import { truthAt } from '../../../sandbox/truth.ts';
import {
  CLUSTER,
  clientAt,
  createService,
  PACE,
  primary,
  register,
  tasks,
  until,
} from '../ecs/fixtures/account.ts';
import { TARGET_GROUP } from '../ecs/fixtures/load-balancer.ts';

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

test.concurrent('config-missing-secret never serves: its tasks fail their health checks until ECS gives up', async ({
  expect,
}) => {
  await using shop = await deployed('config-missing-secret');
  const { rolloutStateReason } = await until(
    () => primary(shop.client),
    ({ rolloutState }) => rolloutState === 'FAILED',
  );
  expect(rolloutStateReason).toBe('ECS deployment circuit breaker: tasks failed to start.');
  const stopped = await until(
    () => tasks(shop.client, 'STOPPED'),
    ([task]) => task?.lastStatus === 'STOPPED',
  );
  expect(stopped[0]).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${TARGET_GROUP})`,
  });
  expect(shop.truth()).not.toContain('release-serving');
});

test.concurrent('users of memory-creep get 502 when it is killed, and ECS replaces it', async ({
  expect,
}) => {
  await using shop = await deployed('memory-creep');
  await until(
    () => shop.status(),
    (status) => status === 200,
  );
  // Without a pause, so that somebody is waiting for an answer whenever it is killed.
  let isKilled = false;
  const user = async (): Promise<void> => {
    while (!isKilled) isKilled ||= (await shop.status()) === 502;
  };
  await Promise.all(Array.from({ length: 4 }, user));
  const [dead] = await until(
    () => tasks(shop.client, 'STOPPED'),
    ([task]) => task?.lastStatus === 'STOPPED',
  );
  expect(dead).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137 }],
  });
  await until(
    () => shop.status(),
    (status) => status === 200,
  );
});

/** One task of a release, behind the real load balancer. */
async function deployed(release: string) {
  const directory = mkdtempSync(join(tmpdir(), 'deployed-'));
  const truthFile = join(directory, 'truth.jsonl');
  const runner = processRunner({ logDirectory: directory });
  const traffic = await startTraffic({
    truthFile,
    loadBalancerArn: 'app/web/1',
    targetGroupArn: TARGET_GROUP,
    healthCheck: { intervalMs: 50 },
  });
  const ecs = startEcs({
    directory,
    images: shopImages(),
    tasks: runner,
    loadBalancers: traffic.loadBalancers,
    emit: () => {},
    truth: truthAt(truthFile),
    pace: { ...PACE, exitUnnoticedMs: 400 },
  });
  const gateway = await startGateway({ ecs: ecs.endpoint });
  const client = clientAt(gateway.url);
  await client.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  await register(client, release, { image: `shop:${release}` });
  await createService(client, { desiredCount: 1, deploymentConfiguration: BREAKER });
  return {
    client,
    truth: () => readFileSync(truthFile, 'utf8'),
    status: async () => (await fetch(`${traffic.edgeUrl}/checkout/check`)).status,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await gateway.close();
      await ecs.close();
      await Promise.all([runner.close(), traffic.close()]);
      rmSync(directory, { recursive: true });
    },
  };
}

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECRClient } from '@aws-sdk/client-ecr';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startEcr } from '../../../sandbox/ecr/service.ts';
import { startEcs } from '../../../sandbox/ecs/service.ts';
import { renewImage } from '../../../sandbox/shop/renew-image.ts';
import {
  CLUSTER,
  clientAt,
  createService,
  describeService,
  PACE,
  register,
  tasks,
  untilCompleted,
} from '../ecs/fixtures/account.ts';
import { testImages } from '../ecs/fixtures/images.ts';
import { testLoadBalancer } from '../ecs/fixtures/load-balancer.ts';
import { taskRunner } from '../ecs/fixtures/task-runner.ts';

const IMAGE = 'web:ok';

describe('a service is not deployed anew', () => {
  test('while its image is what its tag names', async () => {
    await using account = await openAccount();
    await createService(account.ecs);
    const service = await untilCompleted(account.ecs);
    expect(await renewImage(account, service, IMAGE)).toBe(false);
  });

  test('while a deployment is under way, or when it runs another image', async () => {
    await using account = await openAccount();
    await createService(account.ecs);
    expect(await renewImage(account, await describeService(account.ecs), IMAGE)).toBe(false);
    const service = await untilCompleted(account.ecs);
    account.change();
    expect(await renewImage(account, service, 'web:other')).toBe(false);
    expect((await describeService(account.ecs)).deployments).toHaveLength(1);
  });
});

test('a service whose image has changed since it was deployed runs the new one soon', async () => {
  await using account = await openAccount();
  await createService(account.ecs);
  const service = await untilCompleted(account.ecs);
  account.change();
  expect(await renewImage(account, service, IMAGE)).toBe(true);
  const renewed = await untilCompleted(account.ecs);
  expect(renewed.deployments?.[0]?.id).not.toBe(service.deployments?.[0]?.id);
  const digests = (await tasks(account.ecs)).map(({ containers }) => containers?.[0]?.imageDigest);
  expect(new Set(digests)).toEqual(new Set([account.digest()]));
  expect(await renewImage(account, renewed, IMAGE)).toBe(false);
});

/** One image, whose code somebody may change. */
async function openAccount() {
  const directory = mkdtempSync(join(tmpdir(), 'renew-'));
  let code = 'one';
  const digest = (): string => `sha256:${createHash('sha256').update(code).digest('hex')}`;
  const program = testImages();
  const images = {
    resolve(reference: string) {
      const image = program.resolve(IMAGE);
      const isNamed = reference === IMAGE || reference === `web@${digest()}`;
      return image && isNamed ? { ...image, digest: digest() } : undefined;
    },
    imagesOf: () => [{ tag: 'ok', digest: digest(), pushedMs: 0 }],
    remove: () => {},
  };
  const loadBalancers = testLoadBalancer();
  const service = startEcs({
    directory,
    images,
    tasks: taskRunner,
    loadBalancers,
    emit: () => {},
    truth: () => {},
    pace: PACE,
  });
  const gateway = await startGateway({
    ecs: service.endpoint,
    ecr: startEcr({ repositories: images }).endpoint,
  });
  const ecs = clientAt(gateway.url);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const ecr = new ECRClient({ endpoint: gateway.url, region: 'us-east-1', credentials });
  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  await register(ecs, 'ok');
  return {
    ecs,
    ecr,
    digest,
    change: () => {
      code = 'two';
    },
    async [Symbol.asyncDispose]() {
      for (const client of [ecs, ecr]) client.destroy();
      await gateway.close();
      await service.close();
      loadBalancers.close();
      rmSync(directory, { recursive: true });
    },
  };
}

import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pipeline } from '../../../../../lib/adapters/aws/codepipeline/target.ts';
import { versionUniformityOf } from '../../../../../lib/adapters/aws/ecs/version-uniformity.ts';
import { systemClock } from '../../../../../lib/adapters/clock.ts';
import { lastHealthy, validatedDrill } from '../../../../fixtures/validated-drill.ts';
import {
  type Account,
  CLUSTER,
  createService,
  openAccount,
  register,
  SERVICE,
  tasks,
  until,
  untilCompleted,
} from '../../../../sandbox/ecs/fixtures/account.ts';
import { type Served, serve } from '../../http/servers.ts';

let account: Account;
let balancer: Served;
let healthy: { taskDefinition: string; revision: string };
/** What the next answers tell, one after the other, the last one for ever. */
let releases: (string | undefined)[];

beforeAll(async () => {
  account = await openAccount();
  balancer = await serve((_, response) => {
    const release = releases.length > 1 ? releases.shift() : releases[0];
    if (release !== undefined) response.setHeader('x-release', release).setHeader('x-task', 'i-7');
    response.end('{}');
  });
  const taskDefinition = await register(account.client, 'ok');
  await createService(account.client, { taskDefinition });
  const { currentServiceRevisions } = await untilCompleted(account.client);
  healthy = { taskDefinition, revision: currentServiceRevisions?.[0]?.arn ?? '' };
});

afterAll(async () => {
  await balancer.close();
  await account[Symbol.asyncDispose]();
});

beforeEach(() => {
  releases = ['v4'];
});

function judge(options = 'samples: 5, timeout: 2s', pipeline: Pipeline | null = null) {
  const { drill, validation } = validatedDrill(
    'version-uniformity',
    options,
    lastHealthy(healthy.taskDefinition, healthy.revision),
    ['https://shop.example/check', `${balancer.url}/check`],
  );
  const target = { ecs: account.client, clock: systemClock, cluster: CLUSTER, service: SERVICE };
  const ports = { clock: systemClock, service: () => target, pipeline: () => pipeline };
  return versionUniformityOf(ports)(validation, drill, AbortSignal.timeout(5_000));
}

test('every request has a connection of its own, so that the load balancer chooses each time', async () => {
  const [requests, connections] = [balancer.requests.length, balancer.connections()];
  expect(await judge()).toMatchObject({
    verdict: 'passed',
    reason: '2 of 2 tasks run web:1 with sha256:ok; 5 of 5 answers from v4',
  });
  expect(balancer.requests.length - requests).toBe(5);
  expect(balancer.connections() - connections).toBe(5);
});

test('one task that stays bad behind the load balancer does not pass, and is named', async () => {
  releases = ['v5-bad', undefined, 'v4'];
  expect(await judge('samples: 5, instance: { header: x-task }, timeout: 2s')).toMatchObject({
    verdict: 'failed',
    reason: '3 of 5 answers from v4, 1 from v5-bad (task i-7), 1 without an identity',
  });
});

test('tasks of another task definition do not pass, nor while they drain', async () => {
  const { client } = account;
  await register(client, 'ok-other');
  await client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition: 'web:2' }),
  );
  await until(
    () => tasks(client),
    (running) => running.some(({ taskDefinitionArn }) => taskDefinitionArn?.endsWith('web:2')),
  );
  const { verdict, reason } = await judge();
  expect(verdict).toBe('failed');
  expect(reason).toMatch(/task \w+ runs web:2, the last healthy release is web:1/);
  await untilCompleted(client);
});

test('a copy of the healthy task definition passes only where a pipeline registers one with every release', async () => {
  const { client } = account;
  const copy = await register(client, 'ok');
  await client.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition: copy }));
  await untilCompleted(client);
  await until(
    () => tasks(client),
    (running) => running.length === 2,
  );
  expect(await judge()).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('runs web:3, the last healthy release is web:1'),
  });
  const target: Pipeline['target'] = {
    kind: 'codepipeline',
    pipeline: 'shop',
    stage: 'Deploy',
    disableTransitions: [],
  };
  const pipeline = { codePipeline: new CodePipelineClient({}), ecs: client, clock: systemClock, target };
  expect(await judge('samples: 5, timeout: 2s', pipeline)).toMatchObject({
    verdict: 'passed',
    reason: '2 of 2 tasks run web:1 with sha256:ok, as its copy web:3; 5 of 5 answers from v4',
  });
});

test('the task definition of the healthy release does not pass with another image behind its tag', async () => {
  const { client, images } = account;
  images.move('ok', 'ok-moved');
  await client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition: 'web:1' }),
  );
  await untilCompleted(client);
  await until(
    () => tasks(client),
    (running) => running.length === 2,
  );
  const { verdict, reason } = await judge();
  expect(verdict).toBe('failed');
  expect(reason).toMatch(/\/web runs image sha256:ok-moved, the last healthy release sha256:ok/);
});

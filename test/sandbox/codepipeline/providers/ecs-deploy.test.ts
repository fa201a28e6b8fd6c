import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { test } from 'vitest';
import type { ActionJob } from '../../../../sandbox/codepipeline/action.ts';
import { ecsDeploy } from '../../../../sandbox/codepipeline/providers/ecs-deploy.ts';
import {
  CLUSTER,
  createService,
  describeService,
  openAccount,
  primary,
  register,
  SERVICE,
  until,
  untilCompleted,
} from '../../ecs/fixtures/account.ts';
import { openArtifacts, zipOf } from './fixtures/artifacts.ts';
import { jobWith, type TestJob } from './fixtures/job.ts';

const FILE = 'imagedefinitions.json';
const configuration = { ClusterName: CLUSTER, ServiceName: SERVICE };
const images = (release: string, name = 'web') => zipOf(FILE, [{ name, imageUri: `web:${release}` }]);

test.concurrent('touches nothing when it cannot tell what to deploy, and where', async ({ expect }) => {
  await using shop = await openShop();
  const broken: readonly [Uint8Array | string, Partial<ActionJob>][] = [
    ['no zip', {}],
    [zipOf('other.json', []), {}],
    [zipOf(FILE, 'no json'), {}],
    [zipOf(FILE, []), {}],
    [images('two', 'stranger'), {}],
    [images('two'), { inputArtifacts: [] }],
    [images('two'), { configuration: { ...configuration, ServiceName: 'other' } }],
    [images('two'), { configuration: { ...configuration, ClusterName: 'other' } }],
    [images('two'), { configuration: { ...configuration, DeploymentTimeout: '61' } }],
    [images('two'), { configuration: { ClusterName: CLUSTER } }],
  ];
  for (const [artifact, facts] of broken) {
    const { ended } = await shop.deploy(artifact, facts);
    expect(await ended).toMatchObject({ status: 'Failed', message: expect.any(String) });
  }
  const { taskDefinitionArns } = await shop.client.send(new ListTaskDefinitionsCommand({}));
  expect(taskDefinitionArns).toHaveLength(1);
  expect((await describeService(shop.client)).deployments).toHaveLength(1);
});

test.concurrent('fails when the circuit breaker gives the deployment up', async ({ expect }) => {
  await using shop = await openShop();
  const { job, ended } = await shop.deploy(images('crashing'));
  expect(await ended).toMatchObject({
    status: 'Failed',
    code: 'JobFailed',
    message: expect.stringMatching(/circuit breaker/),
    externalExecutionId: job.external[0],
  });
});

test.concurrent('fails when somebody else deploys before it is complete', async ({ expect }) => {
  await using shop = await openShop();
  const { job, ended } = await shop.deploy(images('mute'));
  await until(
    () => job.external,
    ({ length }) => length === 1,
  );
  const other = await register(shop.client, 'two');
  await shop.client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition: other }),
  );
  const { id } = await primary(shop.client);
  expect(await ended).toMatchObject({
    status: 'Failed',
    message: expect.stringContaining(`${job.external[0]} was replaced by ${id}`),
  });
});

test.concurrent('fails when the deployment takes longer than it may, and leaves it to itself', async ({
  expect,
}) => {
  await using shop = await openShop({ minuteMs: 200 });
  const timeout = { configuration: { ...configuration, DeploymentTimeout: '1' } };
  const { job, ended } = await shop.deploy(images('mute'), timeout);
  expect(await ended).toMatchObject({
    status: 'Failed',
    message: expect.stringContaining('DeploymentTimeout'),
  });
  expect(await primary(shop.client)).toMatchObject({ id: job.external[0], rolloutState: 'IN_PROGRESS' });
});

test.concurrent('stops waiting when it is abandoned, and the deployment goes on', async ({ expect }) => {
  await using shop = await openShop();
  const abandoned = new AbortController();
  const { job, ended } = await shop.deploy(images('two'), { signal: abandoned.signal });
  const failed = expect(ended).rejects.toThrow();
  await until(
    () => job.external,
    ({ length }) => length === 1,
  );
  abandoned.abort();
  await failed;
  expect((await untilCompleted(shop.client)).deployments?.[0]?.id).toBe(job.external[0]);
});

test.concurrent('deploys the same task definition with other images, and tells of it as soon as it is under way', async ({
  expect,
}) => {
  await using shop = await openShop();
  const { job, ended } = await shop.deploy(images('two'));
  const [deploymentId] = await until(
    () => job.external,
    ({ length }) => length === 1,
  );
  expect(await ended).toMatchObject({ status: 'Succeeded', externalExecutionId: deploymentId });
  const { deployments, taskDefinition } = await describeService(shop.client);
  expect(deployments).toMatchObject([{ id: deploymentId, rolloutState: 'COMPLETED' }]);
  const described = await shop.client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  expect(described.taskDefinition).toMatchObject({
    family: 'web',
    revision: 2,
    containerDefinitions: [{ image: 'web:two', stopTimeout: 7 }],
  });
  expect(shop.truth).toMatchObject([{ deploymentId, taskDefinition }]);
});

test.concurrent('deploys the same images again as a deployment of its own', async ({ expect }) => {
  await using shop = await openShop();
  const { id: before } = await primary(shop.client);
  const { job, ended } = await shop.deploy(images('one'));
  expect(await ended).toMatchObject({ status: 'Succeeded' });
  expect(job.external).not.toContain(before);
  expect(await primary(shop.client)).toMatchObject({ id: job.external[0] });
});

/** A service of one task that runs `web:one`. */
async function openShop({ minuteMs }: { readonly minuteMs?: number } = {}) {
  const [account, artifacts] = await Promise.all([openAccount(), openArtifacts()]);
  const { client } = account;
  await register(client, 'one', { stopTimeout: 7 });
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  await createService(client, { desiredCount: 1, deploymentConfiguration });
  await untilCompleted(client);
  const truth: object[] = [];
  const options = { ecs: client, s3: artifacts.s3, truth: (_: string, facts = {}) => void truth.push(facts) };
  const provider = ecsDeploy({ ...options, ...(minuteMs === undefined ? {} : { minuteMs }) });
  return {
    client,
    truth,
    /** The action's job, and what becomes of it. */
    async deploy(artifact: Uint8Array | string, facts: Partial<ActionJob> = {}) {
      const input = artifacts.at('images');
      await artifacts.put(input.bucket, input.key, artifact);
      const job: TestJob = jobWith({ configuration, inputArtifacts: [input], ...facts });
      return { job, ended: provider.run(job) };
    },
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]();
      await artifacts[Symbol.asyncDispose]();
    },
  };
}

import { DescribeTasksCommand, ListTasksCommand, type ListTasksCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Account,
  CLUSTER,
  createService,
  openAccount,
  primary,
  register,
  SERVICE,
  tasks,
  untilCompleted,
} from '../fixtures/account.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
  await register(account.client, 'well-1', {
    command: ['--verbose'],
    environment: [{ name: 'COLOUR', value: 'green' }],
  });
  await createService(account.client);
  await untilCompleted(account.client);
});
afterAll(() => account[Symbol.asyncDispose]());

const list = async (input: Partial<ListTasksCommandInput>) =>
  (await account.client.send(new ListTasksCommand({ cluster: CLUSTER, ...input }))).taskArns;

test.each<[string, Partial<ListTasksCommandInput>, string]>([
  ['of an unknown cluster', { cluster: 'nothing' }, 'ClusterNotFoundException'],
  ['of an unknown service', { serviceName: 'nothing' }, 'ServiceNotFoundException'],
  ['by startedBy and another filter', { startedBy: 'x', serviceName: SERVICE }, 'InvalidParameterException'],
  ['by what the sandbox does not have', { containerInstance: 'i-1' }, 'UnsupportedFeatureException'],
])('refuses to list tasks %s', async (_, input, name) => {
  await expect(list(input)).rejects.toMatchObject({ name });
});

test('tasks are listed by service, family, deployment and desired status', async () => {
  const { id } = await primary(account.client);
  const all = await list({ serviceName: SERVICE });
  expect(all).toHaveLength(2);
  expect(await list({ family: 'web' })).toEqual(all);
  expect(await list({ startedBy: id })).toEqual(all);
  expect(await list({ family: 'other' })).toEqual([]);
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([]);
  expect(await list({ serviceName: SERVICE, maxResults: 1 })).toHaveLength(1);
});

test('a task tells its times, its image and its deployment', async () => {
  const { id } = await primary(account.client);
  const [task] = await tasks(account.client);
  expect(task).toMatchObject({
    group: 'service:web',
    startedBy: id,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    createdAt: expect.any(Date),
    pullStartedAt: expect.any(Date),
    pullStoppedAt: expect.any(Date),
    startedAt: expect.any(Date),
    version: 3,
    containers: [{ name: 'web', image: 'web:well-1', imageDigest: 'sha256:well-1', lastStatus: 'RUNNING' }],
  });
});

test('an unknown task is a failure of the answer', async () => {
  const { failures } = await account.client.send(
    new DescribeTasksCommand({ cluster: CLUSTER, tasks: ['nothing'] }),
  );
  expect(failures).toEqual([
    { arn: 'arn:aws:ecs:us-east-1:000000000000:task/shop/nothing', reason: 'MISSING' },
  ]);
});

test("a process gets the image's command and environment, and the container definition's on top", async () => {
  const [port] = account.loadBalancer.healthyPorts();
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect(await response.json()).toEqual({ arguments: ['--verbose'], colour: 'green', mode: 'well' });
});

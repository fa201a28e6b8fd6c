import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ListServiceDeploymentsCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Account, CLUSTER, createService, openAccount, register, SERVICE } from '../fixtures/account.ts';

const DEPLOYMENTS = 5;

let account: Account;
/** The newest first. */
const arns: string[] = [];
beforeAll(async () => {
  account = await openAccount();
  await register(account.client, 'well-1');
  const created = await createService(account.client, { desiredCount: 0 });
  arns.unshift(created.currentServiceDeployment ?? '');
  while (arns.length < DEPLOYMENTS) {
    const { service } = await account.client.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, forceNewDeployment: true }),
    );
    arns.unshift(service?.currentServiceDeployment ?? '');
  }
});
afterAll(() => account[Symbol.asyncDispose]());

const list = async (input: Partial<ListServiceDeploymentsCommandInput> = {}) => {
  const command = new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: SERVICE, ...input });
  return (await account.client.send(command)).serviceDeployments ?? [];
};

test.each<[string, Partial<ListServiceDeploymentsCommandInput>, string]>([
  ['of an unknown service', { service: 'nothing' }, 'ServiceNotFoundException'],
  ['of an unknown cluster', { cluster: 'nothing' }, 'ClusterNotFoundException'],
  ['from a token that is none', { nextToken: 'bm9uZQ' }, 'InvalidParameterException'],
  ['by more than a page', { maxResults: 101 }, 'InvalidParameterException'],
])('refuses to list %s', async (_, input, name) => {
  await expect(list(input)).rejects.toMatchObject({ name });
});

test('what is not there is a failure of the answer', async () => {
  const { failures } = await account.client.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: ['arn:x'] }),
  );
  expect(failures).toEqual([{ arn: 'arn:x', reason: 'MISSING' }]);
  const revisions = await account.client.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: ['arn:y'] }),
  );
  expect(revisions.failures).toEqual([{ arn: 'arn:y', reason: 'MISSING' }]);
});

test('pages give every deployment once', async () => {
  const found: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const input = { cluster: CLUSTER, service: SERVICE, maxResults: 2, nextToken };
    const page = await account.client.send(new ListServiceDeploymentsCommand(input));
    found.push(...(page.serviceDeployments ?? []).map(({ serviceDeploymentArn }) => serviceDeploymentArn));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(found).toEqual(arns);
});

test('lists by status and by time of creation', async () => {
  const stopped = await list({ status: ['STOPPED'] });
  expect(stopped.length).toBeGreaterThanOrEqual(1);
  expect(stopped.every(({ status }) => status === 'STOPPED')).toBe(true);
  const all = await list();
  const third = all[2]?.createdAt as Date;
  const until = await list({ createdAt: { before: third } });
  const since = await list({ createdAt: { after: third } });
  expect(until.map(({ createdAt }) => Number(createdAt) <= Number(third))).not.toContain(false);
  expect(since.map(({ createdAt }) => Number(createdAt) >= Number(third))).not.toContain(false);
  expect(until.length + since.length).toBeGreaterThan(all.length);
});

test('a revision names its images with their digests', async () => {
  const [newest] = await list();
  const { serviceRevisions } = await account.client.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [newest?.targetServiceRevisionArn ?? ''] }),
  );
  expect(serviceRevisions).toMatchObject([
    {
      serviceRevisionArn: newest?.targetServiceRevisionArn,
      taskDefinition: expect.stringMatching(/task-definition\/web:1$/),
      containerImages: [{ containerName: 'web', image: 'web:well-1', imageDigest: 'sha256:well-1' }],
      createdAt: expect.any(Date),
    },
  ]);
});

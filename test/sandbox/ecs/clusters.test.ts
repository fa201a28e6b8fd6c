import {
  CreateClusterCommand,
  DescribeClustersCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Account, CLUSTER, openAccount } from './fixtures/account.ts';

const ARN = 'arn:aws:ecs:us-east-1:000000000000:cluster/shop';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

test('refuses capacity providers', async () => {
  const command = new CreateClusterCommand({ clusterName: 'other', capacityProviders: ['FARGATE'] });
  await expect(account.client.send(command)).rejects.toMatchObject({
    name: 'UnsupportedFeatureException',
    message: expect.stringMatching(/'capacityProviders' is not supported .* clusterName, tags/),
  });
});

test('a cluster is found by name and by ARN; one that is not there is a failure of the answer', async () => {
  const { clusters, failures } = await account.client.send(
    new DescribeClustersCommand({ clusters: [CLUSTER, ARN, 'nothing'] }),
  );
  expect(clusters).toMatchObject([
    { clusterArn: ARN, clusterName: CLUSTER, status: 'ACTIVE', activeServicesCount: 0 },
    { clusterArn: ARN },
  ]);
  expect(failures).toEqual([
    { arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/nothing', reason: 'MISSING' },
  ]);
});

test('creating it again changes nothing', async () => {
  const { cluster } = await account.client.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  expect(cluster?.clusterArn).toBe(ARN);
});

test('tags are added, replaced and removed', async () => {
  const { client } = account;
  const tagged = (tags: { key: string; value: string }[]) =>
    client.send(new TagResourceCommand({ resourceArn: ARN, tags }));
  await tagged([
    { key: 'team', value: 'shop' },
    { key: 'tier', value: 'low' },
  ]);
  await tagged([{ key: 'tier', value: 'high' }]);
  await client.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ['team'] }));
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
  expect(tags).toEqual([{ key: 'tier', value: 'high' }]);
  await expect(client.send(new ListTagsForResourceCommand({ resourceArn: `${ARN}x` }))).rejects.toMatchObject(
    { name: 'InvalidParameterException' },
  );
});

import {
  type ContainerDefinition,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Account, openAccount, register } from '../fixtures/account.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

const web: ContainerDefinition = { name: 'web', image: 'web:well-1' };

test.each<[string, ContainerDefinition[], string, RegExp]>([
  ['no container', [], 'InvalidParameterException', /exactly one container/],
  ['two containers', [web, { ...web, name: 'api' }], 'InvalidParameterException', /exactly one container/],
  ['no image', [{ name: 'web' }], 'InvalidParameterException', /'containerDefinitions.0.image' is required/],
  [
    'a health check',
    [{ ...web, healthCheck: { command: ['CMD', 'true'] } }],
    'UnsupportedFeatureException',
    /'containerDefinitions.0.healthCheck' is not supported/,
  ],
  [
    'environment files',
    [{ ...web, environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/e.env' }] }],
    'UnsupportedFeatureException',
    /environmentFiles/,
  ],
])('refuses %s', async (_, containerDefinitions, name, message) => {
  const command = new RegisterTaskDefinitionCommand({ family: 'refused', containerDefinitions });
  await expect(account.client.send(command)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test('refuses to describe what is not there', async () => {
  await expect(
    account.client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nothing:1' })),
  ).rejects.toMatchObject({ name: 'ClientException', message: 'Unable to describe task definition.' });
});

test('a task definition is found by ARN, by revision, and by family as its latest ACTIVE one', async () => {
  const { client } = account;
  const first = await register(client, 'well-1', { environment: [{ name: 'A', value: '1' }] });
  const second = await register(client, 'well-2');
  const describe = async (taskDefinition: string) =>
    (await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
  expect(await describe(first)).toMatchObject({
    family: 'web',
    revision: 1,
    status: 'ACTIVE',
    registeredAt: expect.any(Date),
    containerDefinitions: [{ ...web, essential: true, environment: [{ name: 'A', value: '1' }] }],
  });
  expect((await describe('web:1'))?.taskDefinitionArn).toBe(first);
  expect((await describe('web'))?.taskDefinitionArn).toBe(second);

  await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:2' }));
  expect((await describe('web'))?.taskDefinitionArn).toBe(first);
  expect(await describe('web:2')).toMatchObject({ status: 'INACTIVE', deregisteredAt: expect.any(Date) });

  const inactive = await client.send(new ListTaskDefinitionsCommand({ status: 'INACTIVE' }));
  expect(inactive.taskDefinitionArns).toEqual([second]);
  const { families } = await client.send(new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE' }));
  expect(families).toEqual(['web']);
});

test('tags come back when asked for', async () => {
  const { client } = account;
  const tags = [{ key: 'release', value: 'bad' }];
  await client.send(
    new RegisterTaskDefinitionCommand({ family: 'tagged', containerDefinitions: [web], tags }),
  );
  const described = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'tagged', include: ['TAGS'] }),
  );
  expect(described.tags).toEqual(tags);
});

import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Account,
  CLUSTER,
  createService,
  openAccount,
  register,
  SERVICE,
  tasks,
  until,
} from '../fixtures/account.ts';
import { TARGET_GROUP } from '../fixtures/load-balancer.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
  await register(account.client, 'well-1');
  await createService(account.client, { desiredCount: 0, healthCheckGracePeriodSeconds: 1 });
});
afterAll(() => account[Symbol.asyncDispose]());

const refused = (name: string, message: RegExp) => ({ name, message: expect.stringMatching(message) });
const loadBalancers = (changes = {}) => [
  { targetGroupArn: TARGET_GROUP, containerName: 'web', containerPort: 80, ...changes },
];

test.each<[string, Partial<CreateServiceCommandInput>, string, RegExp]>([
  ['an unknown cluster', { cluster: 'nowhere' }, 'ClusterNotFoundException', /^Cluster not found\.$/],
  ['no cluster when there is no default', { cluster: undefined }, 'ClusterNotFoundException', /not found/],
  ['an unknown task definition', { taskDefinition: 'web:99' }, 'ClientException', /task definition/],
  [
    'an unknown target group',
    { loadBalancers: loadBalancers({ targetGroupArn: 'arn:x' }) },
    'InvalidParameterException',
    /target group .* does not exist/,
  ],
  [
    'a port that the container does not have',
    { loadBalancers: loadBalancers({ containerPort: 81 }) },
    'InvalidParameterException',
    /container port 81/,
  ],
  [
    'a container that is not there',
    { loadBalancers: loadBalancers({ containerName: 'api' }) },
    'InvalidParameterException',
    /container api does not exist/,
  ],
  [
    'a service that is there already',
    { serviceName: SERVICE },
    'InvalidParameterException',
    /not idempotent/,
  ],
  [
    'a configuration that blocks deployments',
    { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } },
    'InvalidParameterException',
    /block deployments/,
  ],
  [
    'another strategy',
    { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    'InvalidParameterException',
    /'deploymentConfiguration.strategy' must be one of: ROLLING/,
  ],
  [
    'alarms',
    { deploymentConfiguration: { alarms: { alarmNames: ['a'], enable: true, rollback: true } } },
    'UnsupportedFeatureException',
    /'deploymentConfiguration.alarms' is not supported .* maximumPercent/,
  ],
  [
    'another controller',
    { deploymentController: { type: 'CODE_DEPLOY' } },
    'InvalidParameterException',
    /must be one of: ECS/,
  ],
  [
    'what the sandbox does not do',
    { enableExecuteCommand: true },
    'UnsupportedFeatureException',
    /'enableExecuteCommand' is not supported/,
  ],
])('refuses to create a service with %s', async (_, input, name, message) => {
  const created = createService(account.client, { serviceName: 'other', ...input });
  await expect(created).rejects.toMatchObject(refused(name, message));
});

test.each<[string, Partial<UpdateServiceCommandInput>, string, RegExp]>([
  ['of an unknown cluster', { cluster: 'nowhere' }, 'ClusterNotFoundException', /not found/],
  ['that is unknown', { service: 'nothing' }, 'ServiceNotFoundException', /not found/],
  ['to an unknown task definition', { taskDefinition: 'nothing' }, 'ClientException', /task definition/],
  [
    'in what starts deployments on AWS only',
    { platformVersion: '1.4.0' },
    'UnsupportedFeatureException',
    /cannot change 'platformVersion'/,
  ],
  [
    'to more tasks than the sandbox runs',
    { desiredCount: 51 },
    'InvalidParameterException',
    /'desiredCount' must be a whole number from 0 to 50/,
  ],
  [
    'in what the sandbox does not do',
    { propagateTags: 'SERVICE' },
    'UnsupportedFeatureException',
    /supported here: .*forceNewDeployment/,
  ],
])('refuses to update a service %s', async (_, input, name, message) => {
  const update = new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, ...input });
  await expect(account.client.send(update)).rejects.toMatchObject(refused(name, message));
});

test('refuses to deploy a task definition that is INACTIVE', async () => {
  const taskDefinition = await register(account.client, 'well-0');
  await account.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  const update = new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition });
  await expect(account.client.send(update)).rejects.toMatchObject(refused('ClientException', /inactive/));
});

test('refuses to update to a task definition without the port of the load balancer', async () => {
  const taskDefinition = await register(account.client, 'well-0', { portMappings: [] });
  const update = new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition });
  await expect(account.client.send(update)).rejects.toMatchObject(
    refused('InvalidParameterException', /container port 80/),
  );
  await account.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
});

test('refuses to delete a service that is scaled above 0, unless forced', async () => {
  const { client } = account;
  const service = 'short-lived';
  await createService(client, { serviceName: service, desiredCount: 1 });
  await expect(client.send(new DeleteServiceCommand({ cluster: CLUSTER, service }))).rejects.toMatchObject(
    refused('InvalidParameterException', /scaled above 0/),
  );
  const deleted = await client.send(new DeleteServiceCommand({ cluster: CLUSTER, service, force: true }));
  expect(deleted.service?.status).toBe('DRAINING');
  const gone = await until(
    async () =>
      (await client.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }))).services,
    (services) => services?.[0]?.status === 'INACTIVE',
  );
  expect(gone?.[0]?.runningCount).toBe(0);
  await expect(
    client.send(new UpdateServiceCommand({ cluster: CLUSTER, service, desiredCount: 1 })),
  ).rejects.toMatchObject(refused('ServiceNotActiveException', /not ACTIVE/));
  const { serviceArns } = await client.send(new ListServicesCommand({ cluster: CLUSTER }));
  expect(serviceArns).toEqual([expect.stringMatching(/service\/shop\/web$/)]);
});

test('creating again with the same client token answers with the same service', async () => {
  const { client } = account;
  const input = {
    serviceName: 'tokened',
    desiredCount: 0,
    clientToken: 'once',
    tags: [{ key: 'team', value: 'shop' }],
  };
  const first = await createService(client, input);
  const again = await createService(client, input);
  expect(again.createdAt).toEqual(first.createdAt);
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: first.serviceArn }));
  expect(tags).toEqual([{ key: 'team', value: 'shop' }]);
  await client.send(new DeleteServiceCommand({ cluster: CLUSTER, service: 'tokened' }));
});

test('a missing service is a failure of the answer, not of the call', async () => {
  const { services, failures } = await account.client.send(
    new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE, 'nothing'], include: ['TAGS'] }),
  );
  expect(services).toMatchObject([{ serviceName: SERVICE, healthCheckGracePeriodSeconds: 1, tags: [] }]);
  expect(failures).toEqual([
    { arn: 'arn:aws:ecs:us-east-1:000000000000:service/shop/nothing', reason: 'MISSING' },
  ]);
});

test('configuration that is not given stays as it was, and alone it is no deployment', async () => {
  const { client } = account;
  const update = (deploymentConfiguration: UpdateServiceCommandInput['deploymentConfiguration']) =>
    client.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, deploymentConfiguration }));
  const first = await update({ maximumPercent: 150 });
  const second = await update({ deploymentCircuitBreaker: { enable: true, rollback: true } });
  expect(second.service?.deploymentConfiguration).toMatchObject({
    maximumPercent: 150,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true, resetOnHealthyTask: true },
  });
  expect(second.service?.currentServiceDeployment).toBe(first.service?.currentServiceDeployment);
});

test.concurrent('an unhealthy task is left alone within the grace period', async () => {
  await using own = await openAccount();
  await register(own.client, 'unhealthy-1');
  await createService(own.client, { desiredCount: 1, healthCheckGracePeriodSeconds: 1 });
  const [failed] = await until(
    () => tasks(own.client, 'STOPPED'),
    ([task]) => task !== undefined,
  );
  const livedMs = Number(failed?.stoppingAt) - Number(failed?.startedAt);
  // A timer may ring a millisecond early by the clock of the day.
  expect(livedMs).toBeGreaterThanOrEqual(990);
});

test.concurrent('a service needs neither a load balancer nor a port', async () => {
  await using own = await openAccount();
  const container = { name: 'worker', image: 'web:well-1' };
  await own.client.send(
    new RegisterTaskDefinitionCommand({ family: 'worker', containerDefinitions: [container] }),
  );
  await own.client.send(
    new CreateServiceCommand({
      cluster: CLUSTER,
      serviceName: SERVICE,
      taskDefinition: 'worker',
      desiredCount: 1,
    }),
  );
  const [rollout] = await until(
    async () =>
      (await own.client.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE] })))
        .services?.[0]?.deployments ?? [],
    ([primary]) => primary?.rolloutState === 'COMPLETED',
  );
  expect(rollout?.runningCount).toBe(1);
});

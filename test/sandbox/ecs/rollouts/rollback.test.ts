import { StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import {
  type Account,
  CLUSTER,
  createService,
  deployment,
  openAccount,
  primary,
  register,
  SERVICE,
  tasks,
  until,
  untilCompleted,
} from '../fixtures/account.ts';

async function deploy({ client }: Account, taskDefinition: string): Promise<string> {
  const { service } = await client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition }),
  );
  return service?.currentServiceDeployment ?? '';
}

const stop = ({ client }: Account, serviceDeploymentArn: string) =>
  client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));

const rollbacks = ({ truth }: Account) =>
  truth.filter(({ event }) => event === 'rollback-started').map(({ facts }) => facts);

test.concurrent('refuses to stop what is finished, unknown, has nothing to return to, or with ABORT', async () => {
  await using account = await openAccount();
  const { client } = account;
  await register(client, 'well-1');
  const { currentServiceDeployment = '' } = await createService(client, { desiredCount: 1 });
  await expect(stop(account, currentServiceDeployment)).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await untilCompleted(client);
  await expect(stop(account, currentServiceDeployment)).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'The service deployment is SUCCESSFUL and cannot be stopped.',
  });
  await expect(stop(account, `${currentServiceDeployment}x`)).rejects.toMatchObject({
    name: 'ServiceDeploymentNotFoundException',
  });
  await expect(
    client.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: currentServiceDeployment, stopType: 'ABORT' }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect(rollbacks(account)).toEqual([]);
});

test.concurrent('a stopped deployment returns to the revision before, digest and all, by a PRIMARY of its own', async () => {
  await using account = await openAccount();
  const { client, images, events } = account;
  await register(client, 'well', { image: 'web:latest' });
  images.move('latest', 'well-1');
  await createService(client);
  const before = await untilCompleted(client);
  images.move('latest', 'well-2');
  await register(client, 'unhealthy-3');
  const arn = await deploy(account, 'web');
  await until(
    () => primary(client),
    ({ runningCount }) => runningCount === 2,
  );
  const bad = await primary(client);

  await stop(account, arn);
  expect(rollbacks(account)).toEqual([{ by: 'call', serviceDeployment: arn }]);
  expect((await deployment(client, arn)).status).toMatch(/^ROLLBACK_(REQUESTED|IN_PROGRESS)$/);
  await stop(account, arn);
  expect(rollbacks(account)).toHaveLength(1);

  const after = await untilCompleted(client);
  const revision = before.currentServiceRevisions?.[0]?.arn;
  expect(await deployment(client, arn)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: { serviceRevisionArn: revision, startedAt: expect.any(Date), reason: expect.any(String) },
    finishedAt: expect.any(Date),
  });
  expect(after.taskDefinition).toBe(before.taskDefinition);
  expect(after.currentServiceDeployment).toBe(arn);
  expect(after.currentServiceRevisions?.[0]?.arn).toBe(revision);
  expect((await tasks(client)).map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([
    'sha256:well-1',
    'sha256:well-1',
  ]);

  const id = after.deployments?.[0]?.id;
  expect(id).toMatch(/^ecs-svc\/\d{19}$/);
  expect([before.deployments?.[0]?.id, bad.id]).not.toContain(id);
  const told = events.filter(({ detail }) => detail.deploymentId === id).map(({ detail }) => detail);
  expect(told.map(({ eventName, reason }) => [eventName, reason])).toEqual([
    [
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      `ECS deployment stopped: rolling back to deploymentId ${before.deployments?.[0]?.id}.`,
    ],
    ['SERVICE_DEPLOYMENT_COMPLETED', `ECS deployment ${id} completed.`],
  ]);
});

test.concurrent('a bad release that passed its health checks is stopped as well while it is not yet SUCCESSFUL', async () => {
  await using account = await openAccount({ steadyStateMs: 1_500 });
  const { client } = account;
  await register(client, 'well-1');
  await createService(client);
  await until(
    () => primary(client),
    ({ rolloutState }) => rolloutState === 'COMPLETED',
  );
  await register(client, 'well-2');
  const arn = await deploy(account, 'web');
  await until(
    () => primary(client),
    ({ runningCount }) => runningCount === 2,
  );
  await stop(account, arn);
  await until(
    () => tasks(client),
    (running) => running.length === 2 && running.every((task) => task.taskDefinitionArn?.endsWith('web:1')),
  );
  expect((await deployment(client, arn)).status).toMatch(/^ROLLBACK_(IN_PROGRESS|SUCCESSFUL)$/);
});

test.concurrent('an update back to an earlier task definition is a rollback by call; one forward again is none', async () => {
  await using account = await openAccount();
  const { client } = account;
  const first = await register(client, 'well-1');
  await createService(client, { desiredCount: 1 });
  await untilCompleted(client);
  const second = await register(client, 'well-2');
  await deploy(account, second);
  await untilCompleted(client);
  expect(rollbacks(account)).toEqual([]);
  const back = await deploy(account, first);
  expect(rollbacks(account)).toEqual([{ by: 'call', serviceDeployment: back }]);
  await untilCompleted(client);
  await deploy(account, second);
  expect(rollbacks(account)).toHaveLength(1);
});

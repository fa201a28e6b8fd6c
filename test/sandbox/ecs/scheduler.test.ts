import { UpdateServiceCommand, type UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import {
  type Account,
  CLUSTER,
  createService,
  deployment,
  describeService,
  openAccount,
  primary,
  register,
  SERVICE,
  tasks,
  until,
  untilCompleted,
} from './fixtures/account.ts';

async function update({ client }: Account, input: Partial<UpdateServiceCommandInput>) {
  const { service } = await client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, ...input }),
  );
  return service;
}

test.concurrent('an update to the same task definition is no deployment, unless it is forced', async () => {
  await using account = await openAccount();
  const { client } = account;
  await register(client, 'well-1');
  await createService(client, { desiredCount: 1 });
  const { currentServiceDeployment, deployments } = await untilCompleted(client);

  const same = await update(account, { taskDefinition: 'web:1', desiredCount: 2 });
  expect(same?.currentServiceDeployment).toBe(currentServiceDeployment);
  expect(same?.deployments?.[0]?.id).toBe(deployments?.[0]?.id);
  await until(
    () => primary(client),
    ({ runningCount }) => runningCount === 2,
  );

  const forced = await update(account, { forceNewDeployment: true });
  expect(forced?.currentServiceDeployment).not.toBe(currentServiceDeployment);
  expect(forced?.deployments).toHaveLength(2);
});

test.concurrent('a rolling update replaces every task, and never has fewer healthy targets than wanted', async () => {
  await using account = await openAccount();
  const { client, loadBalancer, events, truth } = account;
  await register(client, 'well-1');
  await createService(client);
  const before = await untilCompleted(client);
  const seenBefore = loadBalancer.healthyCounts.length;

  const second = await register(client, 'well-2');
  const updated = await update(account, { taskDefinition: 'web' });
  expect(updated?.deployments?.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE']);
  const after = await untilCompleted(client);
  const id = after.deployments?.[0]?.id;

  expect(Math.min(...loadBalancer.healthyCounts.slice(seenBefore))).toBeGreaterThanOrEqual(2);
  expect(after).toMatchObject({ taskDefinition: second, runningCount: 2, pendingCount: 0 });
  expect(after.events?.[0]?.message).toBe(`(service web) (deployment ${id}) deployment completed.`);
  expect((await tasks(client)).map(({ startedBy }) => startedBy)).toEqual([id, id]);
  expect(await deployment(client, after.currentServiceDeployment)).toMatchObject({
    status: 'SUCCESSFUL',
    sourceServiceRevisions: [{ arn: before.currentServiceRevisions?.[0]?.arn, runningTaskCount: 0 }],
    targetServiceRevision: { arn: after.currentServiceRevisions?.[0]?.arn, runningTaskCount: 2 },
    deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0, threshold: 3 },
  });

  const told = await until(
    () => events.filter(({ detail }) => detail.deploymentId === id).map(({ detail }) => detail),
    (found) => found.length === 2,
  );
  expect(told.map(({ eventName, reason }) => [eventName, reason])).toEqual([
    ['SERVICE_DEPLOYMENT_IN_PROGRESS', `ECS deployment ${id} in progress.`],
    ['SERVICE_DEPLOYMENT_COMPLETED', `ECS deployment ${id} completed.`],
  ]);
  const release = { release: 'well-2', taskDefinition: second, deploymentId: id };
  for (const event of ['deployment', 'task-started', 'task-healthy', 'deployment-completed'])
    expect(truth).toContainEqual({ event, facts: expect.objectContaining(release) });
  expect(truth).toContainEqual({
    event: 'task-stopped',
    facts: expect.objectContaining({ release: 'well-1' }),
  });
});

test.concurrent('with maximumPercent 100 an old task goes before a new one comes', async () => {
  await using account = await openAccount();
  const { client, loadBalancer, events } = account;
  await register(client, 'well-1');
  await createService(client, {
    deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 50 },
  });
  await untilCompleted(client);
  const seenBefore = loadBalancer.healthyCounts.length;
  await register(client, 'well-2');
  await update(account, { taskDefinition: 'web' });
  await untilCompleted(client);

  expect(Math.min(...loadBalancer.healthyCounts.slice(seenBefore))).toBe(1);
  const changes: Readonly<Record<string, number>> = { PROVISIONING: 1, STOPPED: -1 };
  let living = 0;
  let most = 0;
  for (const { detail } of events) {
    living += changes[String(detail.lastStatus)] ?? 0;
    most = Math.max(most, living);
  }
  expect(most).toBe(2);
});

test.concurrent('a crashed task is replaced, and the service becomes steady again', async () => {
  await using account = await openAccount();
  const { client, events } = account;
  await register(client, 'well-1');
  await createService(client);
  await untilCompleted(client);
  const [victim] = await tasks(client);
  process.kill(Number(victim?.containers?.[0]?.runtimeId?.split('-')[1]), 'SIGKILL');

  await until(
    () => tasks(client),
    (running) => running.length === 2 && running.every(({ taskArn }) => taskArn !== victim?.taskArn),
  );
  const [dead] = await until(
    () => tasks(client, 'STOPPED'),
    ([task]) => task?.lastStatus === 'STOPPED',
  );
  expect(dead).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137 }],
  });
  const steadyStates = () => events.filter(({ detail }) => detail.eventName === 'SERVICE_STEADY_STATE');
  await until(steadyStates, (found) => found.length === 2);
  expect((await primary(client)).rolloutState).toBe('COMPLETED');
});

test.concurrent('a newer update supersedes one that is under way, and drains its tasks', async () => {
  await using account = await openAccount();
  const { client } = account;
  await register(client, 'well-1');
  await createService(client);
  await untilCompleted(client);
  await register(client, 'unhealthy-2');
  const bad = await update(account, { taskDefinition: 'web:2' });
  await until(
    () => primary(client),
    ({ runningCount }) => runningCount === 2,
  );

  await register(client, 'well-3');
  await update(account, { taskDefinition: 'web:3' });
  expect(await deployment(client, bad?.currentServiceDeployment)).toMatchObject({
    status: 'STOPPED',
    stoppedAt: expect.any(Date),
    finishedAt: expect.any(Date),
  });
  const after = await untilCompleted(client);
  expect(after.taskDefinition).toMatch(/web:3$/);
});

test.concurrent('scaling in stops tasks by SIGTERM, and by SIGKILL those that do not mind', async () => {
  await using account = await openAccount();
  const { client } = account;
  await register(client, 'stubborn-1', { stopTimeout: 0 });
  await createService(client);
  await untilCompleted(client);
  await update(account, { desiredCount: 1 });
  const [stopped] = await until(
    () => tasks(client, 'STOPPED'),
    ([task]) => task?.lastStatus === 'STOPPED',
  );
  expect(stopped).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    containers: [{ exitCode: 137 }],
  });
  expect((await describeService(client)).runningCount).toBe(1);
});

test.concurrent('every change of a task is told with a higher version', async () => {
  await using account = await openAccount();
  const { client, events } = account;
  await register(client, 'well-1');
  await createService(client, { desiredCount: 1 });
  await untilCompleted(client);
  await update(account, { desiredCount: 0 });
  const changes = await until(
    () =>
      events.filter(({ detailType }) => detailType === 'ECS Task State Change').map(({ detail }) => detail),
    (found) => found.at(-1)?.lastStatus === 'STOPPED',
  );
  expect(changes.map(({ lastStatus, version }) => [lastStatus, version])).toEqual([
    ['PROVISIONING', 1],
    ['PENDING', 2],
    ['RUNNING', 3],
    ['DEACTIVATING', 4],
    ['STOPPING', 5],
    ['DEPROVISIONING', 6],
    ['STOPPED', 7],
  ]);
});

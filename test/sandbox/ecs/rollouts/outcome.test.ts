import { type DeploymentCircuitBreaker, UpdateServiceCommand } from '@aws-sdk/client-ecs';
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

async function deployBad(
  account: Account,
  release: string,
  deploymentCircuitBreaker: DeploymentCircuitBreaker,
) {
  const { client } = account;
  await register(client, 'well-1');
  await createService(client);
  const before = await untilCompleted(client);
  const taskDefinition = await register(client, release);
  const { service } = await client.send(
    new UpdateServiceCommand({
      cluster: CLUSTER,
      service: SERVICE,
      taskDefinition,
      deploymentConfiguration: { deploymentCircuitBreaker },
    }),
  );
  return { before, arn: service?.currentServiceDeployment, badId: service?.deployments?.[0]?.id };
}

test.concurrent('without a circuit breaker a bad rollout goes on for ever, and says that it is impaired', async () => {
  await using account = await openAccount();
  const { client, events } = account;
  const { arn } = await deployBad(account, 'crashing-2', { enable: false, rollback: false });
  const seen = await until(
    () => primary(client),
    ({ failedTasks = 0 }) => failedTasks >= 3,
  );
  expect(seen.rolloutState).toBe('IN_PROGRESS');
  expect(await deployment(client, arn)).toMatchObject({
    status: 'IN_PROGRESS',
    deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0 },
  });
  const names = events.map(({ detail }) => detail.eventName);
  expect(names).toContain('SERVICE_TASK_START_IMPAIRED');
  expect(names).not.toContain('SERVICE_DEPLOYMENT_FAILED');
});

test.concurrent('without rollback a tripped breaker stops the deployment and starts nothing more', async () => {
  await using account = await openAccount();
  const { client, truth } = account;
  const { arn } = await deployBad(account, 'crashing-2', { enable: true, rollback: false });
  const failed = await until(
    () => primary(client),
    ({ rolloutState }) => rolloutState === 'FAILED',
  );
  expect(failed.rolloutStateReason).toBe('ECS deployment circuit breaker: tasks failed to start.');
  expect(await deployment(client, arn)).toMatchObject({
    status: 'STOPPED',
    stoppedAt: expect.any(Date),
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
  });
  const left = await until(
    () => tasks(client),
    (running) => running.length === 2,
  );
  expect(left.every(({ taskDefinitionArn }) => taskDefinitionArn?.endsWith('web:1'))).toBe(true);
  const startedBefore = truth.filter(({ event }) => event === 'task-started').length;
  await client.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, desiredCount: 4 }));
  expect(await primary(client)).toMatchObject({ desiredCount: 4, pendingCount: 0, runningCount: 0 });
  expect(truth.filter(({ event }) => event === 'task-started')).toHaveLength(startedBefore);
  expect(truth.map(({ event }) => event)).not.toContain('rollback-started');
});

test.concurrent.each([
  ['crashing-2', { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 3 }] }],
  [
    'missing',
    { stopCode: 'TaskFailedToStart', stoppedReason: expect.stringMatching(/^CannotPullContainerError/) },
  ],
  [
    'unhealthy-2',
    { stopCode: 'ServiceSchedulerInitiated', stoppedReason: expect.stringMatching(/^Task failed ELB/) },
  ],
])('a rollout of web:%s trips the breaker and is rolled back', async (release, stopped) => {
  await using account = await openAccount();
  const { client, events, truth } = account;
  const { before, arn, badId } = await deployBad(account, release, { enable: true, rollback: true });
  const after = await untilCompleted(client);
  expect(after.taskDefinition).toBe(before.taskDefinition);
  expect(await deployment(client, arn)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    rollback: { serviceRevisionArn: before.currentServiceRevisions?.[0]?.arn },
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
  });
  const stoppedTasks = await tasks(client, 'STOPPED');
  expect(stoppedTasks.find(({ startedBy }) => startedBy === badId)).toMatchObject(stopped);

  const id = after.deployments?.[0]?.id;
  const oldId = before.deployments?.[0]?.id;
  const told = events
    .filter(({ detailType }) => detailType === 'ECS Deployment State Change')
    .map(({ detail }) => [detail.eventType, detail.eventName, detail.deploymentId, detail.reason]);
  expect(told.slice(3)).toEqual([
    ['ERROR', 'SERVICE_DEPLOYMENT_FAILED', badId, 'ECS deployment circuit breaker: tasks failed to start.'],
    [
      'INFO',
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      id,
      `ECS deployment circuit breaker: rolling back to deploymentId ${oldId}.`,
    ],
    ['INFO', 'SERVICE_DEPLOYMENT_COMPLETED', id, `ECS deployment ${id} completed.`],
  ]);
  expect(truth).toContainEqual({
    event: 'rollback-started',
    facts: { by: 'automatic', serviceDeployment: arn },
  });
});

test.concurrent('a task that listens on no port in time is a failed one', async () => {
  await using account = await openAccount({ startTimeoutMs: 1_500 });
  const { client } = account;
  const { badId } = await deployBad(account, 'mute-2', { enable: false, rollback: false });
  await until(
    () => primary(client),
    ({ failedTasks = 0 }) => failedTasks > 0,
  );
  const failed = (await tasks(client, 'STOPPED')).find(({ startedBy }) => startedBy === badId);
  expect(failed?.stoppedReason).toBe('Task did not listen on a port in time');
});

test.concurrent('a rollback that fails by the same breaker is over, too', async () => {
  await using account = await openAccount();
  const { client, images } = account;
  await register(client, 'well', { image: 'web:well-1' });
  await createService(client);
  await untilCompleted(client);
  const taskDefinition = await register(client, 'crashing-2');
  images.remove('well-1');
  const { service } = await client.send(
    new UpdateServiceCommand({
      cluster: CLUSTER,
      service: SERVICE,
      taskDefinition,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    }),
  );
  const ended = await until(
    () => deployment(client, service?.currentServiceDeployment),
    ({ status }) => status === 'ROLLBACK_FAILED',
  );
  expect(ended.finishedAt).toBeInstanceOf(Date);
  expect((await primary(client)).rolloutState).toBe('FAILED');
  expect(await tasks(client)).toHaveLength(2);
});

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateClusterCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import {
  CLUSTER,
  clientAt,
  createService,
  deployment,
  describeService,
  register,
  SERVICE,
  tasks,
  until,
  untilCompleted,
} from './fixtures/account.ts';

interface Host extends AsyncDisposable {
  readonly client: ECSClient;
  kill(): Promise<void>;
}

async function startHost(directory: string): Promise<Host> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'fixtures/host.ts'), [directory]);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const client = clientAt(url);
  const kill = async () => {
    client.destroy();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { client, kill, [Symbol.asyncDispose]: kill };
}

async function stateDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'ecs-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test.concurrent('a killed sandbox comes back with everything, and its tasks start anew', async () => {
  await using directory = await stateDirectory();
  await using first = await startHost(directory.path);
  await first.client.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  await register(first.client, 'well-1');
  await createService(first.client);
  const before = await untilCompleted(first.client);
  const tasksBefore = await tasks(first.client);
  await first.kill();

  await using second = await startHost(directory.path);
  const { client } = second;
  await until(
    () => describeService(client),
    ({ runningCount }) => runningCount === 2,
  );
  const after = await describeService(client);
  expect(after.deployments).toMatchObject([
    { id: before.deployments?.[0]?.id, status: 'PRIMARY', rolloutState: 'COMPLETED' },
  ]);
  expect(after.currentServiceDeployment).toBe(before.currentServiceDeployment);
  expect((await tasks(client, 'STOPPED')).map(({ taskArn }) => taskArn).sort()).toEqual(
    tasksBefore.map(({ taskArn }) => taskArn).sort(),
  );
  await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
});

test.concurrent('deployments and rollbacks that were under way go on after a kill', async () => {
  await using directory = await stateDirectory();
  await using first = await startHost(directory.path);
  await first.client.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  await register(first.client, 'well-1');
  await createService(first.client);
  await untilCompleted(first.client);
  const taskDefinition = await register(first.client, 'unhealthy-2');
  const { service } = await first.client.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition }),
  );
  const arn = service?.currentServiceDeployment ?? '';
  const badId = service?.deployments?.[0]?.id;
  await first.kill();

  await using second = await startHost(directory.path);
  await until(
    async () => (await describeService(second.client)).deployments ?? [],
    ([bad, good]) => bad?.id === badId && (bad?.failedTasks ?? 0) > 0 && good?.runningCount === 2,
  );
  expect((await deployment(second.client, arn)).status).toBe('IN_PROGRESS');
  await second.client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn }));
  await second.kill();

  await using third = await startHost(directory.path);
  const after = await untilCompleted(third.client);
  expect(after.taskDefinition).toMatch(/web:1$/);
  expect((await deployment(third.client, arn)).status).toBe('ROLLBACK_SUCCESSFUL');
});

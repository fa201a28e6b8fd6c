import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awsMigrations } from '../../../../../lib/adapters/aws/migrations/migrations.ts';
import type { Migrations } from '../../../../../lib/ports/target.ts';
import { type Served, serve } from '../../../../sandbox/fixtures/served.ts';

const RUN = { drillId: 'drill:1', round: 1 };
const TASK_ARN = 'arn:aws:ecs:us-east-1:000000000000:task/tools/0123abc';
const UNDO = {
  kind: 'ecs-task' as const,
  cluster: 'tools',
  taskDefinition: 'flyway:7',
  subnets: ['subnet-0123abcd'],
  securityGroups: ['sg-0123abcd'],
  container: 'flyway',
  command: ['flyway', 'undo'],
};

/** Answers of ECS in their order, by the operation that is asked. */
type Script = Partial<Record<'RunTask' | 'DescribeTasks' | 'DescribeTaskDefinition', readonly object[]>>;

let served: Served;
let script: Script;
let requests: { readonly operation: string; readonly input: Record<string, unknown> }[];
let migrations: Migrations;

beforeEach(async () => {
  requests = [];
  served = await serve(() => ({
    ecs: async ({ headers, body }) => {
      const operation = headers['x-amz-target']?.split('.').at(-1) as keyof Script;
      requests.push({ operation, input: JSON.parse(body.toString()) });
      const nth = requests.filter((request) => request.operation === operation).length;
      const answers = script[operation] ?? [];
      const answer = answers[Math.min(nth, answers.length) - 1] ?? {};
      const status = '__type' in answer ? 400 : 200;
      return {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(answer),
      };
    },
  }));
  migrations = awsMigrations({
    ecs: new ECSClient(served.configuration),
    lambda: new LambdaClient(served.configuration),
    clock: { now: () => 0, sleep: async () => {} },
  });
});
afterEach(() => served.close());

function stopped(...containers: readonly object[]): Script {
  const task = {
    taskArn: TASK_ARN,
    lastStatus: 'STOPPED',
    stoppedReason: 'Essential container in task exited',
    containers,
  };
  return {
    RunTask: [{ tasks: [{ taskArn: TASK_ARN }] }],
    DescribeTasks: [{ tasks: [{ taskArn: TASK_ARN, lastStatus: 'RUNNING' }] }, { tasks: [task] }],
  };
}

function undone(signal = new AbortController().signal) {
  return migrations.undo(UNDO, RUN, signal);
}

test.each([
  [{ name: 'flyway', exitCode: 1 }, 'flyway 1'],
  [{ name: 'flyway' }, 'flyway never started'],
  [{ name: 'sidecar', exitCode: 0 }, 'no container flyway'],
])('a task that stopped with %j has undone nothing', async (container, found) => {
  script = stopped(container);
  expect(await undone()).toEqual({
    result: 'failed',
    reason: `task 0123abc stopped with ${found}, allowed is exit code 0: Essential container in task exited`,
  });
});

test('what ECS refuses is not asked for again', async () => {
  script = {
    RunTask: [{ __type: 'ClientException', message: 'TaskDefinition not found.' }],
    DescribeTasks: [],
  };
  expect(await undone()).toEqual({
    result: 'failed',
    reason: 'ECS did not run flyway:7: ClientException: TaskDefinition not found.',
  });
});

test('a cluster without room may be asked again', async () => {
  script = { RunTask: [{ tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] }], DescribeTasks: [] };
  await expect(undone()).rejects.toThrow('ECS ran no task: RESOURCE:MEMORY');
});

test('the wait for a task that never stops ends with its limit', async () => {
  script = { ...stopped(), DescribeTasks: [{ tasks: [{ taskArn: TASK_ARN, lastStatus: 'RUNNING' }] }] };
  const limit = new AbortController();
  const waiting = undone(limit.signal);
  await expect.poll(() => requests.length).toBeGreaterThan(3);
  limit.abort();
  await expect(waiting).rejects.toThrow();
});

test('a reading that fails is made again; the code of the container that the plan names counts', async () => {
  const whole = stopped({ name: 'flyway', exitCode: 0 }, { name: 'sidecar', exitCode: 143 });
  script = { ...whole, DescribeTasks: [{ __type: 'ServerException' }, ...(whole.DescribeTasks ?? [])] };
  expect(await undone()).toEqual({
    result: 'undone',
    reason: 'task 0123abc stopped with exit code 0 (flyway 0)',
  });
});

test('ECS runs it once for one rollback, and again for the next one', async () => {
  script = stopped({ name: 'flyway', exitCode: 0 });
  await undone();
  await undone();
  await migrations.undo(UNDO, { ...RUN, round: 2 }, new AbortController().signal);
  const runs = requests.filter(({ operation }) => operation === 'RunTask').map(({ input }) => input);
  expect(runs[0]).toMatchObject({
    cluster: 'tools',
    taskDefinition: 'flyway:7',
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-0123abcd'], securityGroups: ['sg-0123abcd'] },
    },
    overrides: { containerOverrides: [{ name: 'flyway', command: ['flyway', 'undo'] }] },
    startedBy: 'rollback-drill/drill_1/1',
  });
  expect(runs[1]?.clientToken).toBe(runs[0]?.clientToken);
  expect(runs[2]?.clientToken).not.toBe(runs[0]?.clientToken);
  expect(String(runs[0]?.clientToken)).toHaveLength(64);
});

test('a person runs it with one command', () => {
  expect(migrations.undoCommand(UNDO, RUN)).toBe(
    `aws ecs run-task --cluster tools --task-definition flyway:7 --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-0123abcd],securityGroups=[sg-0123abcd]}' --overrides '{"containerOverrides":[{"name":"flyway","command":["flyway","undo"]}]}' --started-by rollback-drill/drill_1/1`,
  );
});

test.each([
  [{ __type: 'ClientException', message: 'Unable to describe' }, false, 'flyway:7 is not there'],
  [definition('ACTIVE', 'app'), false, 'has no container flyway; it has app'],
  [definition('INACTIVE', 'flyway'), false, 'is INACTIVE, allowed is ACTIVE'],
  [definition('ACTIVE', 'flyway'), true, 'is ACTIVE, allowed is ACTIVE'],
])('%j is ready: %j', async (answer, isReady, reason) => {
  script = { DescribeTaskDefinition: [answer] };
  expect(await migrations.readiness(UNDO)).toEqual({ isReady, reason: expect.stringContaining(reason) });
});

function definition(status: string, name: string): object {
  return { taskDefinition: { status, containerDefinitions: [{ name }] } };
}

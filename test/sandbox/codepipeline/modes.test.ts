import { ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const inbound = async (stageName: string) =>
  (await account.stage(stageName)).inboundExecutions?.map(({ pipelineExecutionId }) => pipelineExecutionId);

test('SUPERSEDED: a stage never has two executions, and of those that wait only the newest goes on', async () => {
  await account.createReleased();
  account.hold('Ship');
  const first = await account.start();
  const ship = await account.job('Ship');
  const second = await account.start();
  await until(async () => (await inbound('Deploy'))?.[0] === second);
  const third = await account.start();
  await account.ended(second, 'Superseded');
  expect(await inbound('Deploy')).toEqual([third]);
  expect(account.waiting()).toEqual([]);
  ship.succeed();
  await account.ended(first, 'Succeeded');
  (await account.job('Ship')).succeed();
  await account.ended(third, 'Succeeded');
  expect((await account.actionsOf(second)).map(({ actionName }) => actionName)).toEqual(['Pull']);
});

test('QUEUED: nobody is superseded, and they go in one after the other, in their order', async () => {
  await account.createReleased({ executionMode: 'QUEUED' });
  account.hold('Ship');
  const started = [await account.start(), await account.start(), await account.start()];
  const [first = '', second = '', third = ''] = started;
  const ship = await account.job('Ship');
  expect(ship.job.pipelineExecutionId).toBe(first);
  await until(async () => (await inbound('Deploy'))?.length === 2);
  expect(await inbound('Deploy')).toEqual([second, third]);
  ship.fail();
  await account.ended(first, 'Failed');
  for (const id of [second, third]) {
    const next = await account.job('Ship');
    expect(next.job.pipelineExecutionId).toBe(id);
    next.succeed();
    await account.ended(id, 'Succeeded');
  }
});

test.each(['QUEUED', 'PARALLEL'] as const)(
  '%s: the 51st execution at once is refused',
  async (executionMode) => {
    account.hold('Pull');
    await account.create({ executionMode });
    for (let started = 1; started < 50; started += 1) await account.start();
    await expect(account.start()).rejects.toMatchObject({
      name: 'ConcurrentPipelineExecutionsLimitExceededException',
      message: expect.stringContaining('50'),
    });
    const [newest] = await account.executions();
    await account.stop(newest?.pipelineExecutionId ?? '', true);
    await account.start();
  },
);

test('PARALLEL: executions do not wait for each other', async () => {
  await account.createReleased({ executionMode: 'PARALLEL' });
  account.hold('Ship');
  const [first, second] = [await account.start(), await account.start()];
  const [one, two] = [await account.job('Ship'), await account.job('Ship')];
  two.succeed();
  await account.ended(second, 'Succeeded');
  one.succeed();
  await account.ended(first, 'Succeeded');
});

test('executions are told in pages, the newest first, and a token of nothing is refused', async () => {
  const ids = [await account.createReleased()];
  for (let more = 0; more < 4; more += 1) {
    const id = await account.start();
    await account.ended(id, 'Succeeded');
    ids.unshift(id);
  }
  const page = (nextToken?: string) =>
    account.client.send(
      new ListPipelineExecutionsCommand({ pipelineName: 'shop', maxResults: 2, nextToken }),
    );
  const found: unknown[] = [];
  let token: string | undefined;
  for (let left = 3; left > 0; left -= 1) {
    const { pipelineExecutionSummaries = [], nextToken } = await page(token);
    found.push(...pipelineExecutionSummaries.map(({ pipelineExecutionId }) => pipelineExecutionId));
    token = nextToken;
  }
  expect([found, token]).toEqual([ids, undefined]);
  await expect(page('bm90aGluZw')).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
});

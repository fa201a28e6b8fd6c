import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

test('an execution that waits for its actions starts no others, and is not asked to twice', async () => {
  await account.createReleased();
  account.hold('Render');
  const id = await account.start();
  const render = await account.job('Render');
  await account.stop(id, false, 'enough');
  await expect(account.stop(id)).rejects.toMatchObject({ name: 'DuplicatedStopRequestException' });
  expect((await account.stage('Deploy')).latestExecution).toMatchObject({
    pipelineExecutionId: id,
    status: 'Stopping',
  });
  expect((await account.execution(id)).status).toBe('Stopping');
  expect(render.job.signal.aborted).toBe(false);
  render.succeed();
  await account.ended(id, 'Stopped');
  expect((await account.actionsOf(id)).map(({ actionName, status }) => [actionName, status])).toEqual([
    ['Render', 'Succeeded'],
    ['Pull', 'Succeeded'],
  ]);
  expect((await account.stage('Deploy')).latestExecution?.status).toBe('Stopped');
  expect((await account.executions())[0]?.stopTrigger).toEqual({ reason: 'enough' });
});

test('an abandoned action is not waited for, and what it comes to later changes nothing', async () => {
  const target = await account.createReleased();
  account.hold('Ship');
  const id = await account.start();
  const ship = await account.job('Ship');
  ship.job.started({ externalExecutionId: 'ecs-svc/1' });
  await account.stop(id, true);
  await account.ended(id, 'Stopped');
  expect(ship.job.signal.aborted).toBe(true);
  ship.succeed();
  const rollback = await account.rollBack(target);
  const [abandoned] = await account.actionsOf(id);
  expect(abandoned).toMatchObject({
    status: 'Abandoned',
    output: { executionResult: { externalExecutionId: 'ecs-svc/1' } },
  });
  (await account.job('Ship')).succeed();
  await account.ended(rollback, 'Succeeded');
  expect((await account.execution(id)).status).toBe('Stopped');
});

test('who waits may change their mind and abandon', async () => {
  await account.createReleased();
  account.hold('Ship');
  const id = await account.start();
  await account.job('Ship');
  await account.stop(id);
  await account.stop(id, true);
  await account.ended(id, 'Stopped');
});

test('what has ended, or is not there, cannot be stopped', async () => {
  const id = await account.createReleased();
  const unstoppable = { name: 'PipelineExecutionNotStoppableException' };
  await expect(account.stop(id)).rejects.toMatchObject({
    ...unstoppable,
    message: expect.stringContaining('Succeeded'),
  });
  await expect(account.stop(crypto.randomUUID())).rejects.toMatchObject(unstoppable);
});

test('who waits for a stage gets in when its execution was stopped', async () => {
  await account.createReleased();
  account.hold('Ship');
  const first = await account.start();
  await account.job('Ship');
  const second = await account.start();
  await account.stop(first, true);
  const ship = await account.job('Ship');
  expect(ship.job.pipelineExecutionId).toBe(second);
});

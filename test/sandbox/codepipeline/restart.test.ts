import { DisableStageTransitionCommand, EnableStageTransitionCommand } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { deploy, source } from './declarations.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const smoke = { pipelineName: 'shop', stageName: 'Smoke', transitionType: 'Inbound' } as const;
const disable = () => account.client.send(new DisableStageTransitionCommand({ ...smoke, reason: 'drill' }));

test('a killed sandbox comes back with its pipelines, versions, transitions and history', async () => {
  await account.createReleased();
  await account.update();
  const target = await account.start();
  await account.ended(target, 'Succeeded');
  await disable();
  const before = [await account.executions(), await account.actionsOf(target), await account.stage('Deploy')];
  account.restart().resume();
  const after = [await account.executions(), await account.actionsOf(target), await account.stage('Deploy')];
  const plain = (each: object) =>
    JSON.parse(JSON.stringify(each, (key, value) => (key === '$metadata' ? 0 : value)));
  expect(plain(after)).toEqual(plain(before));
  expect((await account.stage('Smoke')).inboundTransitionState?.enabled).toBe(false);
  await account.ended(await account.rollBack(target), 'Succeeded');
  expect((await account.executions()).map(({ executionType }) => executionType)).toEqual([
    'ROLLBACK',
    'STANDARD',
    'STANDARD',
  ]);
});

test('an action that ran when the sandbox was killed has failed, and its late answer changes nothing', async () => {
  const target = await account.createReleased();
  account.hold('Ship');
  const id = await account.start();
  const ship = await account.job('Ship');
  const service = account.restart();
  expect(ship.job.signal.aborted).toBe(true);
  expect((await account.execution(id)).status).toBe('InProgress');
  await expect(account.rollBack(target)).rejects.toMatchObject({ name: 'UnableToRollbackStageException' });
  service.resume();
  ship.succeed();
  await account.ended(id, 'Failed');
  const [failed] = await account.actionsOf(id);
  expect(failed).toMatchObject({
    actionName: 'Ship',
    status: 'Failed',
    output: { executionResult: { errorDetails: { code: 'SystemUnavailable' } } },
  });
  account.release('Ship');
  await account.ended(await account.rollBack(target), 'Succeeded');
});

test('what is rolled back after a failure is rolled back after a kill too', async () => {
  const target = await account.createReleased({ stages: [source(), deploy({ result: 'ROLLBACK' })] });
  account.hold('Render');
  await account.start();
  await account.job('Render');
  account.release('Render');
  account.restart().resume();
  const [rollback] = await account.executions();
  expect(rollback).toMatchObject({
    trigger: { triggerType: 'AutomatedRollback' },
    rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
  });
  await account.ended(rollback?.pipelineExecutionId ?? '', 'Succeeded');
});

test('who waited before a stage waits again, and goes on when it may', async () => {
  await account.createReleased();
  await disable();
  const id = await account.start();
  const inbound = async () => (await account.stage('Smoke')).inboundExecution?.pipelineExecutionId;
  await until(async () => (await inbound()) === id);
  account.restart().resume();
  expect(await inbound()).toBe(id);
  await account.client.send(new EnableStageTransitionCommand(smoke));
  await account.ended(id, 'Succeeded');
});

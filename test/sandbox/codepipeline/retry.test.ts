import {
  ListActionExecutionsCommand,
  RetryStageExecutionCommand,
  type StageRetryMode,
} from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { deploy, smoke, source } from './declarations.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const retry = (pipelineExecutionId: string, retryMode: StageRetryMode = 'FAILED_ACTIONS') =>
  account.client.send(
    new RetryStageExecutionCommand({
      pipelineName: 'shop',
      stageName: 'Deploy',
      pipelineExecutionId,
      retryMode,
    }),
  );
const names = async (id: string) =>
  (await account.actionsOf(id)).map(({ actionName, status }) => `${actionName} ${status}`).reverse();

async function failedInShip(changes = {}): Promise<string> {
  account.hold('Ship');
  const id = await account.create(changes);
  (await account.job('Ship')).fail();
  return id;
}

test('a stage that did not fail, and an execution that never was in it, cannot be retried', async () => {
  const id = await account.createReleased();
  const error = { name: 'StageNotRetryableException' };
  await expect(retry(id)).rejects.toMatchObject({ ...error, message: expect.stringContaining('Succeeded') });
  await expect(retry(crypto.randomUUID())).rejects.toMatchObject(error);
});

test('an execution that was followed in the stage by another one cannot be retried', async () => {
  const id = await failedInShip();
  await account.ended(id, 'Failed');
  account.release('Ship');
  await account.ended(await account.start(), 'Succeeded');
  await expect(retry(id)).rejects.toMatchObject({ name: 'NotLatestPipelineExecutionException' });
});

test('an execution of another version of the pipeline cannot be retried', async () => {
  const id = await failedInShip();
  await account.ended(id, 'Failed');
  await account.update();
  await expect(retry(id)).rejects.toMatchObject({ name: 'StageNotRetryableException' });
});

test('a retry runs what failed, and no more than that, and the execution goes on', async () => {
  const id = await failedInShip();
  await account.ended(id, 'Failed');
  expect(await retry(id)).toMatchObject({ pipelineExecutionId: id });
  (await account.job('Ship')).succeed();
  await account.ended(id, 'Succeeded');
  expect(await names(id)).toEqual([
    'Pull Succeeded',
    'Render Succeeded',
    'Ship Failed',
    'Ship Succeeded',
    'Check Succeeded',
  ]);
  expect((await account.stage('Deploy')).retryStageMetadata).toEqual({
    autoStageRetryAttempt: 0,
    manualStageRetryAttempt: 1,
    latestRetryTrigger: 'ManualStageRetry',
  });
  const latest = async (startTimeRange: 'All' | 'Latest') => {
    const filter = { latestInPipelineExecution: { pipelineExecutionId: id, startTimeRange } };
    const { actionExecutionDetails = [] } = await account.client.send(
      new ListActionExecutionsCommand({ pipelineName: 'shop', filter }),
    );
    return actionExecutionDetails.map(({ actionName }) => actionName);
  };
  expect(await latest('All')).toEqual(['Check', 'Ship', 'Render', 'Pull']);
  expect(await latest('Latest')).toEqual(['Check', 'Ship', 'Pull']);
});

test('a retry of everything runs everything, also after it was stopped', async () => {
  account.hold('Ship');
  const id = await account.create();
  await account.job('Ship');
  await account.stop(id, true);
  await account.ended(id, 'Stopped');
  await retry(id, 'ALL_ACTIONS');
  (await account.job('Ship')).succeed();
  await account.ended(id, 'Succeeded');
  expect((await names(id)).slice(1, 5)).toEqual([
    'Render Succeeded',
    'Ship Abandoned',
    'Render Succeeded',
    'Ship Succeeded',
  ]);
});

test('a stage that retries by itself does so once, and has failed then', async () => {
  const id = await failedInShip({ stages: [source(), deploy({ result: 'RETRY' }), smoke()] });
  (await account.job('Ship')).fail();
  await account.ended(id, 'Failed');
  expect((await account.stage('Deploy')).retryStageMetadata).toEqual({
    autoStageRetryAttempt: 1,
    manualStageRetryAttempt: 0,
    latestRetryTrigger: 'AutomatedStageRetry',
  });
  expect(account.waiting()).toEqual([]);
  expect(await names(id)).toEqual(['Pull Succeeded', 'Render Succeeded', 'Ship Failed', 'Ship Failed']);
});

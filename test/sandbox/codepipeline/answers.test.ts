import {
  PutApprovalResultCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { approval, smoke, source } from './declarations.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const decide = (token: string, status: 'Approved' | 'Rejected' = 'Approved', actionName = 'Somebody') =>
  account.client.send(
    new PutApprovalResultCommand({
      pipelineName: 'shop',
      stageName: 'Approve',
      actionName,
      token,
      result: { status, summary: 'I looked at it.' },
    }),
  );
const somebody = async () => (await account.stage('Approve')).actionStates?.[0]?.latestExecution;

async function waitsForSomebody(): Promise<{ readonly id: string; readonly token: string }> {
  const id = await account.create({ stages: [source(), approval(), smoke()] });
  await until(async () => (await somebody())?.token !== undefined);
  return { id, token: (await somebody())?.token ?? '' };
}

test('nothing goes on before it is approved, and no other token approves it', async () => {
  const { id, token } = await waitsForSomebody();
  await expect(decide(crypto.randomUUID())).rejects.toMatchObject({ name: 'InvalidApprovalTokenException' });
  await expect(decide(token, 'Approved', 'Nobody')).rejects.toMatchObject({
    name: 'ActionNotFoundException',
  });
  expect((await account.execution(id)).status).toBe('InProgress');
  expect(await decide(token)).toMatchObject({ approvedAt: expect.any(Date) });
  await account.ended(id, 'Succeeded');
  expect(await somebody()).toMatchObject({
    status: 'Succeeded',
    summary: 'I looked at it.',
    lastUpdatedBy: 'arn:aws:iam::000000000000:user/sandbox',
  });
  expect((await somebody())?.token).toBeUndefined();
});

test('what was rejected has failed, and cannot be approved any more', async () => {
  const { id, token } = await waitsForSomebody();
  await decide(token, 'Rejected');
  await account.ended(id, 'Failed');
  expect(await somebody()).toMatchObject({
    status: 'Failed',
    errorDetails: { message: expect.stringContaining('I looked at it.') },
  });
  await expect(decide(token)).rejects.toMatchObject({ name: 'ApprovalAlreadyCompletedException' });
});

const succeed = (jobId: string, more = {}) =>
  account.client.send(new PutJobSuccessResultCommand({ jobId, ...more }));
const fail = (jobId: string) =>
  account.client.send(
    new PutJobFailureResultCommand({
      jobId,
      failureDetails: { type: 'RevisionUnavailable', message: 'It is gone.' },
    }),
  );

test('the answer to a job that nobody was given, or that was answered, is refused', async () => {
  await expect(succeed('absent')).rejects.toMatchObject({ name: 'JobNotFoundException' });
  const answer = account.jobs.wait('job', new AbortController().signal);
  await fail('job');
  expect(await answer).toEqual({ status: 'Failed', code: 'RevisionUnavailable', message: 'It is gone.' });
  await expect(succeed('job')).rejects.toMatchObject({ name: 'InvalidJobStateException' });
  await expect(fail('job')).rejects.toMatchObject({ name: 'InvalidJobStateException' });
});

test('a job that nobody waits for any more is not known', async () => {
  const abort = new AbortController();
  const answer = account.jobs.wait('job', abort.signal);
  abort.abort(new Error('abandoned'));
  await expect(answer).rejects.toThrow('abandoned');
  await expect(succeed('job')).rejects.toMatchObject({ name: 'JobNotFoundException' });
});

test('whoever waits for a job gets what its worker said', async () => {
  const answer = account.jobs.wait('job', new AbortController().signal);
  await succeed('job', {
    outputVariables: { Tag: 'v1' },
    executionDetails: { summary: 'done', externalExecutionId: 'run-1', percentComplete: 100 },
    currentRevision: {
      revision: 'abc',
      changeIdentifier: 'abc',
      created: new Date(),
      revisionSummary: 'one',
    },
  });
  expect(await answer).toEqual({
    status: 'Succeeded',
    outputVariables: { Tag: 'v1' },
    summary: 'done',
    externalExecutionId: 'run-1',
    revision: { revisionId: 'abc', revisionSummary: 'one' },
  });
  void account.jobs.wait('large', new AbortController().signal);
  await expect(succeed('large', { outputVariables: { Tag: 'x'.repeat(130_000) } })).rejects.toMatchObject({
    name: 'OutputVariablesSizeExceededException',
  });
});

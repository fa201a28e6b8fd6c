import {
  DeletePipelineCommand,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineCommand,
  ListPipelinesCommand,
  PutApprovalResultCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  RetryStageExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { approval, deploy, shopPipeline, source } from './declarations.ts';
import { disagreements } from './sdk-model.ts';
import { until } from './until.ts';

test.each([
  ['a member that AWS does not have', { pipelineExecution: { colour: 'red' } }, /colour/],
  ['a text for a number', { pipelineExecution: { pipelineVersion: '1' } }, /string instead of number/],
  ['a time in milliseconds', { pipelineExecution: { artifactRevisions: [{ created: 1.7e12 }] } }, /no time/],
  [
    'a time as text',
    { pipelineExecution: { artifactRevisions: [{ created: '2026-11-21' }] } },
    /string instead/,
  ],
  ['a status that AWS does not have', { pipelineExecution: { status: 'Broken' } }, /Broken is none of/],
  ['a list that is none', { pipelineExecution: { variables: {} } }, /instead of a list/],
  ['null', { pipelineExecution: null }, /object instead of PipelineExecution/],
])('%s would be noticed', (_what, body, message) => {
  expect(disagreements('GetPipelineExecution', 'response', body)).toEqual([expect.stringMatching(message)]);
});

test('a member that is not there, and an operation that AWS does not have, would be noticed', () => {
  expect(disagreements('RollbackStage', 'response', {})).toEqual([
    'RollbackStage response.pipelineExecutionId: missing',
  ]);
  expect(disagreements('RollForward', 'response', {})).toEqual([
    expect.stringContaining('no such operation'),
  ]);
});

test('Requests and responses agree with the AWS SDK’s own model', async () => {
  const account = await pipelineAccount();
  await callEverything(account);
  expect([...account.operations].sort()).toEqual([
    'CreatePipeline',
    'DeletePipeline',
    'DisableStageTransition',
    'EnableStageTransition',
    'GetPipeline',
    'GetPipelineExecution',
    'GetPipelineState',
    'ListActionExecutions',
    'ListPipelineExecutions',
    'ListPipelines',
    'PutApprovalResult',
    'PutJobFailureResult',
    'PutJobSuccessResult',
    'RetryStageExecution',
    'RollbackStage',
    'StartPipelineExecution',
    'StopPipelineExecution',
    'UpdatePipeline',
  ]);
  // Closing is what judges: nothing that went over the wire may differ.
  await account.close();
});

/** With something in every member that the sandbox ever fills. */
async function callEverything(account: PipelineAccount): Promise<void> {
  const { client } = account;
  const transition = { pipelineName: 'shop', stageName: 'Approve', transitionType: 'Inbound' } as const;
  const target = await account.createReleased();
  await account.ended(await account.rollBack(target), 'Succeeded');
  await account.update({ stages: [source(), deploy({ result: 'RETRY' }), approval()] });
  await client.send(new DisableStageTransitionCommand({ ...transition, reason: 'drill' }));
  account.hold('Ship');
  const id = await account.start({
    variables: [{ name: 'image_tag', value: 'v1' }],
    sourceRevisions: [{ actionName: 'Pull', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'v1' }],
  });
  (await account.job('Ship')).fail();
  (await account.job('Ship')).fail();
  await account.ended(id, 'Failed');
  await readEverything(account, id);
  account.release('Ship');
  const again = { pipelineExecutionId: id, retryMode: 'FAILED_ACTIONS' } as const;
  await client.send(new RetryStageExecutionCommand({ pipelineName: 'shop', stageName: 'Deploy', ...again }));
  await until(async () => (await account.stage('Approve')).inboundExecution?.pipelineExecutionId === id);
  await readEverything(account, id);
  await client.send(new EnableStageTransitionCommand(transition));
  const token = async () => (await account.stage('Approve')).actionStates?.[0]?.latestExecution?.token;
  await until(async () => (await token()) !== undefined);
  await readEverything(account, id);
  const approved = { summary: '', status: 'Approved' } as const;
  const { pipelineName, stageName } = transition;
  const asked = { pipelineName, stageName, actionName: 'Somebody', token: await token() };
  await client.send(new PutApprovalResultCommand({ ...asked, result: approved }));
  await account.ended(id, 'Succeeded');
  await stopAndAnswer(account);
  await client.send(new DeletePipelineCommand({ name: 'shop' }));
}

async function stopAndAnswer(account: PipelineAccount): Promise<void> {
  account.hold('Ship');
  const stopped = await account.start();
  await account.job('Ship');
  await account.stop(stopped, true, 'enough');
  await account.ended(stopped, 'Stopped');
  await readEverything(account, stopped);
  for (const jobId of ['one', 'two']) void account.jobs.wait(jobId, new AbortController().signal);
  const currentRevision = { revision: 'abc', changeIdentifier: 'abc', created: new Date() };
  await account.client.send(new PutJobSuccessResultCommand({ jobId: 'one', currentRevision }));
  const failureDetails = { type: 'JobFailed', message: 'It did not work.' } as const;
  await account.client.send(new PutJobFailureResultCommand({ jobId: 'two', failureDetails }));
}

async function readEverything(account: PipelineAccount, id: string): Promise<void> {
  await account.client.send(new GetPipelineCommand({ name: shopPipeline().name }));
  await account.client.send(new ListPipelinesCommand({ maxResults: 10 }));
  await account.execution(id);
  await account.executions();
  await account.executions('Deploy');
  await account.actionsOf(id);
  await account.stage('Approve');
}

import { DisableStageTransitionCommand } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { deploy, smoke, source } from './declarations.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const UNABLE = 'UnableToRollbackStageException';
const refused = (name: string, message: RegExp) => ({ name, message: expect.stringMatching(message) });

test('a stage is never rolled back to an execution from before the pipeline was changed', async () => {
  const target = await account.createReleased();
  await account.update();
  await expect(account.rollBack(target)).rejects.toMatchObject(
    refused('PipelineExecutionOutdatedException', /version 1 .*version 2/),
  );
  expect(await account.executions()).toHaveLength(1);
});

test('a stage is never rolled back to a rollback', async () => {
  const target = await account.createReleased();
  const rollback = await account.rollBack(target);
  await account.ended(rollback, 'Succeeded');
  await expect(account.rollBack(rollback)).rejects.toMatchObject(refused(UNABLE, /is a rollback itself/));
  expect((await account.executions('Deploy')).map((each) => each.executionType)).toEqual([
    'ROLLBACK',
    'STANDARD',
  ]);
});

test('a stage is never rolled back while an execution is in it', async () => {
  const target = await account.createReleased();
  account.hold('Ship');
  const running = await account.start();
  const ship = await account.job('Ship');
  await expect(account.rollBack(target)).rejects.toMatchObject(refused(UNABLE, /currently running/));
  ship.succeed();
  await account.ended(running, 'Succeeded');
  await account.rollBack(target);
});

test('a stage is never rolled back to an execution that failed in it or never came to it', async () => {
  await account.createReleased();
  account.hold('Ship', 'Pull');
  const failed = await account.start();
  (await account.job('Pull')).succeed();
  (await account.job('Ship')).fail();
  await account.ended(failed, 'Failed');
  await expect(account.rollBack(failed)).rejects.toMatchObject(
    refused(UNABLE, /did not succeed in it: Failed/),
  );
  const early = await account.start();
  await expect(account.rollBack(early)).rejects.toMatchObject(refused(UNABLE, /was never there/));
});

test('the source stage is never rolled back', async () => {
  const target = await account.createReleased();
  await expect(account.rollBack(target, 'Source')).rejects.toMatchObject(refused(UNABLE, /source stage/));
});

test('a pipeline of type V1 cannot roll back', async () => {
  const target = await account.createReleased({
    pipelineType: 'V1',
    variables: undefined,
    stages: [source(), smoke()],
  });
  await expect(account.rollBack(target, 'Smoke')).rejects.toMatchObject(refused(UNABLE, /type V1/));
});

test('a pipeline in PARALLEL mode cannot roll back, by itself neither', async () => {
  const target = await account.createReleased({ executionMode: 'PARALLEL' });
  await expect(account.rollBack(target)).rejects.toMatchObject(refused(UNABLE, /PARALLEL/));
  const stages = [source(), deploy({ result: 'ROLLBACK' })];
  await expect(account.update({ executionMode: 'PARALLEL', stages })).rejects.toMatchObject(
    refused('InvalidStructureException', /PARALLEL/),
  );
});

test('what is not there is named, and nothing is rolled back', async () => {
  const target = await account.createReleased();
  const absent = crypto.randomUUID();
  await expect(account.rollBack(target, 'Deploy', 'other')).rejects.toMatchObject({
    name: 'PipelineNotFoundException',
  });
  await expect(account.rollBack(target, 'Other')).rejects.toMatchObject({ name: 'StageNotFoundException' });
  await expect(account.rollBack(absent)).rejects.toMatchObject({
    name: 'PipelineExecutionNotFoundException',
  });
  await expect(account.rollBack('latest')).rejects.toMatchObject({ name: 'ValidationException' });
  expect(await account.executions()).toHaveLength(1);
});

test('a rollback runs that one stage, with the revisions, variables and artifacts of its target', async () => {
  const target = await account.createReleased();
  const bad = await account.start({ variables: [{ name: 'image_tag', value: 'bad' }] });
  await account.ended(bad, 'Succeeded');
  account.hold('Render');
  const id = await account.rollBack(target);
  const render = await account.job('Render');
  expect(render.job.configuration.UserParameters).toBe(`healthy of version-1 in ${id}`);
  const [pulled] = (await account.actionsOf(target)).at(-1)?.output?.outputArtifacts ?? [];
  expect(render.job.inputArtifacts).toEqual([
    { name: 'release', bucket: 'artifacts', key: pulled?.s3location?.key },
  ]);
  render.succeed();
  await account.ended(id, 'Succeeded');
  expect((await account.actionsOf(id)).map(({ actionName }) => actionName)).toEqual(['Ship', 'Render']);
  expect(await account.execution(id)).toMatchObject({
    executionType: 'ROLLBACK',
    rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
    trigger: { triggerType: 'ManualRollback', triggerDetail: 'arn:aws:iam::000000000000:user/sandbox' },
    variables: [{ name: 'image_tag', resolvedValue: 'healthy' }],
    artifactRevisions: [{ name: 'release', revisionId: 'version-1' }],
  });
  expect((await account.stage('Deploy')).latestExecution).toEqual({
    pipelineExecutionId: id,
    status: 'Succeeded',
    type: 'ROLLBACK',
  });
  expect((await account.stage('Smoke')).latestExecution?.pipelineExecutionId).toBe(bad);
});

test('transitions do not change the version, so that a target from before them is still one', async () => {
  const target = await account.createReleased();
  await account.client.send(
    new DisableStageTransitionCommand({
      pipelineName: 'shop',
      stageName: 'Smoke',
      transitionType: 'Inbound',
      reason: 'drill',
    }),
  );
  await account.ended(await account.rollBack(target), 'Succeeded');
});

const rollsBack = { stages: [source(), deploy({ result: 'ROLLBACK' }), smoke()] };

test('a stage that fails is rolled back by itself, to who succeeded in it last', async () => {
  await account.createReleased(rollsBack);
  const target = await account.start();
  await account.ended(target, 'Succeeded');
  account.hold('Ship');
  const failed = await account.start({ variables: [{ name: 'image_tag', value: 'bad' }] });
  (await account.job('Ship')).fail();
  await account.ended(failed, 'Failed');
  const [rollback] = await account.executions();
  expect(rollback).toMatchObject({
    executionType: 'ROLLBACK',
    rollbackMetadata: { rollbackTargetPipelineExecutionId: target },
    trigger: {
      triggerType: 'AutomatedRollback',
      triggerDetail: JSON.stringify({ FailedPipelineExecutionId: failed }),
    },
  });
  await expect(account.rollBack(target)).rejects.toMatchObject(refused(UNABLE, /currently running/));
  (await account.job('Ship')).succeed();
  await account.ended(rollback?.pipelineExecutionId ?? '', 'Succeeded');
});

test('a rollback that fails is not followed by another one, and without a target there is none', async () => {
  account.hold('Ship');
  const first = await account.create(rollsBack);
  (await account.job('Ship')).fail();
  await account.ended(first, 'Failed');
  expect(await account.executions()).toHaveLength(1);
  const good = await account.start();
  (await account.job('Ship')).succeed();
  await account.ended(good, 'Succeeded');
  await account.start();
  (await account.job('Ship')).fail();
  (await account.job('Ship')).fail();
  await until(async () => (await account.executions())[0]?.status === 'Failed');
  expect(await account.executions()).toHaveLength(4);
});

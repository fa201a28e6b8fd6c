import { ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { action, deploy, smoke, source } from './declarations.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const VALIDATION = 'ValidationException';
const variable = (name: string, value: string) => ({ variables: [{ name, value }] });
const revision = (
  actionName: string,
  revisionType: 'COMMIT_ID' | 'S3_OBJECT_VERSION_ID',
  revisionValue: string,
) => ({
  sourceRevisions: [{ actionName, revisionType, revisionValue }],
});

test('nothing starts with a variable or a revision that the pipeline cannot take', async () => {
  await account.createReleased();
  const attempts = [
    [variable('tag', 'one'), /no variable 'tag'.*image_tag/],
    [variable('image_tag', ''), /must not be empty/],
    [variable('image_tag', 'x'.repeat(1_001)), /at most 1000/],
    [variable('image tag', 'one'), /letters, digits/],
    [
      { variables: [...variable('image_tag', 'a').variables, ...variable('image_tag', 'b').variables] },
      /more than once/,
    ],
    [revision('Render', 'S3_OBJECT_VERSION_ID', 'v1'), /no source action 'Render'/],
    [revision('Pull', 'COMMIT_ID', 'abc'), /S3_OBJECT_VERSION_ID.*received COMMIT_ID/],
  ] as const;
  for (const [input, message] of attempts) {
    const error = { name: VALIDATION, message: expect.stringMatching(message) };
    await expect(account.start({ ...input } as Parameters<typeof account.start>[0])).rejects.toMatchObject(
      error,
    );
  }
  await expect(account.start({ name: 'other' })).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
  expect(await account.executions()).toHaveLength(1);
});

test('a variable without a default must be told, and so the pipeline does not start when it is made', async () => {
  expect(await account.create({ variables: [{ name: 'image_tag' }] })).toBe('');
  await expect(account.start()).rejects.toMatchObject({ name: VALIDATION });
  await account.ended(await account.start(variable('image_tag', 'one')), 'Succeeded');
});

test('the same request token does not start another execution', async () => {
  await account.createReleased();
  const clientRequestToken = crypto.randomUUID();
  const id = await account.start({ clientRequestToken });
  expect(await account.start({ clientRequestToken })).toBe(id);
  expect(await account.start()).not.toBe(id);
});

test('after a failure no further action and no further stage begins, but what runs beside it ends', async () => {
  await account.createReleased({
    stages: [
      source(),
      {
        name: 'Deploy',
        actions: [
          action('Left', 'Invoke', 'Lambda'),
          action('Right', 'Invoke', 'Lambda'),
          action('After', 'Invoke', 'Lambda', { runOrder: 2 }),
        ],
      },
      smoke(),
    ],
  });
  account.hold('Left', 'Right');
  const id = await account.start();
  const [left, right] = [await account.job('Left'), await account.job('Right')];
  left.fail('Left went wrong.');
  await until(async () => (await account.actionsOf(id)).some(({ status }) => status === 'Failed'));
  expect((await account.execution(id)).status).toBe('InProgress');
  right.succeed();
  await account.ended(id, 'Failed');
  const found = await account.actionsOf(id);
  expect(found.map(({ actionName, status }) => `${actionName} ${status}`).sort()).toEqual([
    'Left Failed',
    'Pull Succeeded',
    'Right Succeeded',
  ]);
  expect(
    found.find(({ actionName }) => actionName === 'Left')?.output?.executionResult?.errorDetails,
  ).toEqual({
    code: 'JobFailed',
    message: 'Left went wrong.',
  });
  expect((await account.stage('Smoke')).latestExecution?.pipelineExecutionId).not.toBe(id);
  expect(
    (await account.executions('Deploy')).map(({ pipelineExecutionId }) => pipelineExecutionId),
  ).not.toContain(id);
});

test('a provider that breaks fails its action, and not the sandbox', async () => {
  account.hold('Ship');
  const id = await account.create();
  (await account.job('Ship')).reject(new Error('no connection'));
  await account.ended(id, 'Failed');
  const [ship] = await account.actionsOf(id);
  expect(ship?.output?.executionResult?.errorDetails).toEqual({
    code: 'SystemUnavailable',
    message: expect.stringContaining('no connection'),
  });
});

test('an action whose configuration refers to what nobody told fails', async () => {
  const [render, ship] = deploy().actions ?? [];
  const configuration = { UserParameters: '#{pull.ETag}' };
  const actions = [{ ...render, configuration }, ship] as NonNullable<typeof render>[];
  const id = await account.create({ stages: [source(), { name: 'Deploy', actions }] });
  await account.ended(id, 'Failed');
  const [failed] = await account.actionsOf(id);
  expect(failed?.output?.executionResult?.errorDetails).toMatchObject({
    code: 'ConfigurationError',
    message: expect.stringContaining('#{pull.ETag}'),
  });
});

test('variables, revisions and artifacts come to the actions, and are told', async () => {
  await account.createReleased();
  account.hold('Render', 'Ship');
  const input = { ...variable('image_tag', 'bad'), ...revision('Pull', 'S3_OBJECT_VERSION_ID', 'v-bad') };
  const id = await account.start(input);
  const render = await account.job('Render');
  expect(render.job).toMatchObject({
    pipelineName: 'shop',
    pipelineExecutionId: id,
    stageName: 'Deploy',
    configuration: { FunctionName: 'render', UserParameters: `bad of v-bad in ${id}` },
    inputArtifacts: [{ name: 'release', bucket: 'artifacts' }],
    outputArtifacts: [{ name: 'images', bucket: 'artifacts' }],
    sourceRevision: null,
  });
  render.succeed();
  const ship = await account.job('Ship');
  expect(ship.job.inputArtifacts).toEqual(render.job.outputArtifacts);
  ship.job.started({ externalExecutionId: 'ecs-svc/123', externalExecutionUrl: 'https://example.com/123' });
  expect((await account.stage('Deploy')).actionStates?.[1]).toMatchObject({
    actionName: 'Ship',
    latestExecution: {
      actionExecutionId: ship.job.id,
      status: 'InProgress',
      externalExecutionId: 'ecs-svc/123',
      externalExecutionUrl: 'https://example.com/123',
    },
  });
  ship.succeed();
  await account.ended(id, 'Succeeded');
  expect(await account.execution(id)).toMatchObject({
    pipelineVersion: 1,
    variables: [{ name: 'image_tag', resolvedValue: 'bad' }],
    artifactRevisions: [{ name: 'release', revisionId: 'v-bad' }],
    executionMode: 'SUPERSEDED',
    executionType: 'STANDARD',
    trigger: { triggerType: 'StartPipelineExecution' },
  });
  expect((await account.executions())[0]?.sourceRevisions).toMatchObject([
    { actionName: 'Pull', revisionId: 'v-bad', revisionSummary: 'a release' },
  ]);
  expect((await account.actionsOf(id)).map(({ actionName }) => actionName)).toEqual([
    'Check',
    'Ship',
    'Render',
    'Pull',
  ]);
});

test('a new pipeline starts by itself', async () => {
  const id = await account.createReleased();
  expect((await account.execution(id)).trigger).toEqual({
    triggerType: 'CreatePipeline',
    triggerDetail: 'arn:aws:iam::000000000000:user/sandbox',
  });
});

test('an execution of another pipeline is not found in this one', async () => {
  const id = await account.createReleased();
  await account.create({ name: 'other' });
  const found = account.client.send(
    new ListActionExecutionsCommand({ pipelineName: 'other', filter: { pipelineExecutionId: id } }),
  );
  await expect(found).rejects.toMatchObject({ name: 'PipelineExecutionNotFoundException' });
});

import {
  DeletePipelineCommand,
  GetPipelineCommand,
  ListPipelinesCommand,
  type PipelineDeclaration,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { action, deploy, shopPipeline, smoke, source } from './declarations.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const get = (version?: number) => account.client.send(new GetPipelineCommand({ name: 'shop', version }));
const withStages = (...stages: NonNullable<PipelineDeclaration['stages']>) => ({ stages });
const withAction = (...more: Parameters<typeof action>) =>
  withStages(source(), { name: 'Deploy', actions: [action(...more)] });

const STRUCTURE = 'InvalidStructureException';
const STAGE = 'InvalidStageDeclarationException';
const ACTION = 'InvalidActionDeclarationException';
const VALIDATION = 'ValidationException';

test.each<[string, string, Partial<PipelineDeclaration>, RegExp]>([
  ['one stage only', STRUCTURE, withStages(source()), /at least two/],
  ['variables of type V1', STRUCTURE, { pipelineType: 'V1' }, /variables.*V2/],
  [
    'a queue of type V1',
    STRUCTURE,
    { pipelineType: 'V1', variables: undefined, executionMode: 'QUEUED' },
    /QUEUED/,
  ],
  ['two stages of one name', STAGE, withStages(source(), smoke(), smoke()), /'Smoke' is used more than once/],
  ['a first stage without a source', STRUCTURE, withStages(smoke(), deploy()), /source actions/],
  ['a source later on', STRUCTURE, withStages(source(), { ...source(), name: 'More' }), /source actions/],
  [
    'a provider that is not there',
    ACTION,
    withAction('Build', 'Build', 'CodeBuild'),
    /Build\/AWS\/CodeBuild/,
  ],
  [
    'an artifact that nobody makes',
    ACTION,
    withAction('Go', 'Deploy', 'ECS', { inputArtifacts: [{ name: 'absent' }] }),
    /'absent'/,
  ],
  [
    'a variable that nobody declared',
    ACTION,
    withAction('Go', 'Invoke', 'Lambda', { configuration: { Tag: '#{variables.tag}' } }),
    /#\{variables\.tag\}/,
  ],
  [
    'a namespace that comes later',
    ACTION,
    withAction('Go', 'Invoke', 'Lambda', { configuration: { Tag: '#{later.tag}' } }),
    /#\{later\.tag\}/,
  ],
  [
    'a time limit of what is no approval',
    ACTION,
    withAction('Go', 'Deploy', 'ECS', { timeoutInMinutes: 5 }),
    /timeoutInMinutes/,
  ],
  [
    'conditions',
    VALIDATION,
    withStages(source(), deploy({ conditions: [{ result: 'FAIL' }] })),
    /not supported by the sandbox/,
  ],
  ['a name that AWS would not take', VALIDATION, { name: 'the shop' }, /letters, digits/],
  [
    'an empty default value',
    VALIDATION,
    { variables: [{ name: 'image_tag', defaultValue: '' }] },
    /must not be empty/,
  ],
  ['another artifact store', VALIDATION, { artifactStore: undefined }, /artifactStore/],
])('a pipeline with %s is not made', async (_what, name, changes, message) => {
  await expect(account.create(changes)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
  const { pipelines } = await account.client.send(new ListPipelinesCommand({}));
  expect(pipelines).toEqual([]);
});

test('a pipeline that exists is not made again', async () => {
  await account.createReleased();
  await expect(account.create()).rejects.toMatchObject({ name: 'PipelineNameInUseException' });
});

test('every update is another version, the older ones can be read, and one that never was cannot', async () => {
  await account.createReleased();
  const { pipeline } = await account.update();
  expect(pipeline?.version).toBe(2);
  const current = await get();
  await account.client.send(new UpdatePipelineCommand({ pipeline: current.pipeline }));
  expect((await get()).pipeline?.version).toBe(3);
  expect((await get(1)).pipeline).toMatchObject({ ...shopPipeline(), version: 1 });
  expect(current.metadata).toMatchObject({
    pipelineArn: 'arn:aws:codepipeline:us-east-1:000000000000:shop',
    created: expect.any(Date),
  });
  await expect(get(4)).rejects.toMatchObject({ name: 'PipelineVersionNotFoundException' });
});

test('an update cancels what runs, and nothing of it goes on', async () => {
  await account.createReleased();
  account.hold('Render');
  const first = await account.start();
  const render = await account.job('Render');
  const waiting = await account.start();
  await account.update();
  expect(render.job.signal.aborted).toBe(true);
  render.succeed();
  for (const id of [first, waiting]) expect((await account.execution(id)).status).toBe('Cancelled');
  expect((await account.stage('Deploy')).latestExecution).toMatchObject({ status: 'Cancelled' });
  expect((await account.actionsOf(first))[0]).toMatchObject({ actionName: 'Render', status: 'Abandoned' });
  expect(await account.executions('Deploy')).toEqual([]);
});

test('an update of what is not there makes nothing', async () => {
  await expect(account.update()).rejects.toMatchObject({ name: STRUCTURE });
  await expect(get()).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
});

test('a deleted pipeline is gone with its history, also while it runs', async () => {
  account.hold('Pull');
  await account.create();
  const pull = await account.job('Pull');
  await account.client.send(new DeletePipelineCommand({ name: 'shop' }));
  expect(pull.job.signal.aborted).toBe(true);
  await expect(account.executions()).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
  account.release('Pull');
  const id = await account.createReleased();
  expect(await account.executions()).toMatchObject([{ pipelineExecutionId: id }]);
});

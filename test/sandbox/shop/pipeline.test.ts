import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  type StartPipelineExecutionCommandInput,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientSettings } from '../../../sandbox/aws/client-settings.ts';
import { deployShop } from '../../../sandbox/shop/infrastructure.ts';
import { releaseThroughPipeline, sourceOf } from '../../../sandbox/shop/pipeline.ts';
import {
  DESCRIPTOR,
  PIPELINE,
  PROMOTED_KEY,
  RELEASES_BUCKET,
  SOURCE_KEY,
} from '../../../sandbox/shop/pipeline-definition.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';

const PACE = { provisioningMs: 20, pullMs: 20, steadyStateMs: 300, retryDelayMs: 50, retryDelayLimitMs: 200 };
const WITHIN = { timeout: 20_000, interval: 50 };

let directory: string;
let sandbox: Sandbox;
let pipeline: CodePipelineClient;
let s3: S3Client;
let healthy: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pipeline-'));
  sandbox = await startSandbox({ directory, functions: () => [], pace: PACE });
  sandbox.resumeTasks();
  pipeline = new CodePipelineClient(clientSettings(sandbox.environment));
  s3 = new S3Client(clientSettings(sandbox.environment));
  await deployShop({ ...sandbox, circuitBreaker: false });
  await releaseThroughPipeline(sandbox.environment);
  healthy = (await executions())[0]?.pipelineExecutionId ?? '';
}, 30_000);
afterAll(async () => {
  pipeline.destroy();
  s3.destroy();
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

test('the first release succeeds in every stage and is promoted; asked again nothing is released', async () => {
  expect(await stages(healthy)).toEqual(['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded']);
  expect(await promoted()).toMatchObject({ imageUri: imageOf('healthy'), pipelineExecutionId: healthy });
  await releaseThroughPipeline(sandbox.environment);
  expect(await executions()).toHaveLength(1);
});

test('checkout-5xx is deployed, red in Smoke and never promoted; RollbackStage of Deploy brings the healthy release back', async () => {
  const bad = await start({ variables: [{ name: 'image_tag', value: 'checkout-5xx' }] });
  await expect.poll(() => statusOf(bad), WITHIN).toBe('Failed');
  expect(await stages(bad)).toEqual(['Succeeded', 'Succeeded', 'Failed']);
  expect(await errorOf(bad)).toMatch(/^Smoke test is red: 3 of 3 requests .* 3 × 500 \(checkout-5xx\)/);
  expect(await serving()).toEqual(['checkout-5xx']);
  expect(await promoted()).toMatchObject({ pipelineExecutionId: healthy });

  const rollback = await rollBack();
  await expect.poll(() => statusOf(rollback), WITHIN).toBe('Succeeded');
  expect(await stages(rollback)).toEqual(['Succeeded']);
  expect(await serving()).toEqual(['healthy']);
});

test('boot-crash keeps Deploy busy; abandoned, the stage can be rolled back and the shop serves the healthy release', async () => {
  const bad = await start({ variables: [{ name: 'image_tag', value: 'boot-crash' }] });
  await expect.poll(deploymentUnderWay, WITHIN).toMatch(/^ecs-svc\//);
  await expect(rollBack()).rejects.toMatchObject({ name: 'UnableToRollbackStageException' });
  const pipelineExecutionId = bad;
  await pipeline.send(
    new StopPipelineExecutionCommand({ pipelineName: PIPELINE, pipelineExecutionId, abandon: true }),
  );
  await expect.poll(() => statusOf(bad), WITHIN).toBe('Stopped');
  const rollback = await rollBack();
  await expect.poll(() => statusOf(rollback), WITHIN).toBe('Succeeded');
  expect(await serving()).toEqual(['healthy']);
});

test('an execution may be started with a revision of the source that is not the newest', async () => {
  const pinned = await putSource({ ...DESCRIPTOR, imageTag: 'healthy-next' });
  await putSource(DESCRIPTOR);
  const sourceRevisions = [
    { actionName: 'Release', revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: pinned } as const,
  ];
  const execution = await start({ sourceRevisions });
  await expect.poll(() => statusOf(execution), WITHIN).toBe('Succeeded');
  expect(await serving()).toEqual(['healthy-next']);
  const [summary] = await executions();
  expect(summary?.sourceRevisions).toMatchObject([{ actionName: 'Release', revisionId: pinned }]);
  expect(await promoted()).toMatchObject({ imageUri: imageOf('healthy-next') });
});

async function start(input: Omit<StartPipelineExecutionCommandInput, 'name'>): Promise<string> {
  const started = await pipeline.send(new StartPipelineExecutionCommand({ name: PIPELINE, ...input }));
  return started.pipelineExecutionId ?? '';
}

async function rollBack(): Promise<string> {
  const target = { pipelineName: PIPELINE, stageName: 'Deploy', targetPipelineExecutionId: healthy };
  return (await pipeline.send(new RollbackStageCommand(target))).pipelineExecutionId ?? '';
}

async function executions() {
  const asked = new ListPipelineExecutionsCommand({ pipelineName: PIPELINE });
  return (await pipeline.send(asked)).pipelineExecutionSummaries ?? [];
}

async function statusOf(execution: string) {
  return (await executions()).find(({ pipelineExecutionId }) => pipelineExecutionId === execution)?.status;
}

/** The status of each stage that the execution was the last one in. */
async function stages(execution: string) {
  const { stageStates = [] } = await pipeline.send(new GetPipelineStateCommand({ name: PIPELINE }));
  return stageStates
    .filter(({ latestExecution }) => latestExecution?.pipelineExecutionId === execution)
    .map(({ latestExecution }) => latestExecution?.status);
}

async function actions(pipelineExecutionId: string) {
  const filter = { pipelineExecutionId };
  const asked = new ListActionExecutionsCommand({ pipelineName: PIPELINE, filter });
  return (await pipeline.send(asked)).actionExecutionDetails ?? [];
}

async function errorOf(execution: string): Promise<string | undefined> {
  const failed = (await actions(execution)).find(({ status }) => status === 'Failed');
  return failed?.output?.executionResult?.errorDetails?.message;
}

/** The ECS deployment that the Deploy stage waits for. */
async function deploymentUnderWay(): Promise<string> {
  const { stageStates = [] } = await pipeline.send(new GetPipelineStateCommand({ name: PIPELINE }));
  const stage = stageStates.find(({ stageName }) => stageName === 'Deploy');
  const { latestExecution } = stage?.actionStates?.find(({ actionName }) => actionName === 'Deploy') ?? {};
  return latestExecution?.status === 'InProgress' ? (latestExecution.externalExecutionId ?? '') : '';
}

async function putSource(descriptor: object): Promise<string | undefined> {
  const Body = sourceOf(descriptor);
  const put = new PutObjectCommand({ Bucket: RELEASES_BUCKET, Key: SOURCE_KEY, Body });
  return (await s3.send(put)).VersionId;
}

async function promoted(): Promise<unknown> {
  const asked = new GetObjectCommand({ Bucket: RELEASES_BUCKET, Key: PROMOTED_KEY });
  const { Body } = await s3.send(asked);
  return JSON.parse((await Body?.transformToString()) ?? '');
}

/** The releases that answer. */
async function serving(): Promise<readonly (string | null)[]> {
  const answers = await Promise.all(
    Array.from({ length: 9 }, () => fetch(`${sandbox.edgeUrl}/checkout/check`)),
  );
  return [...new Set(answers.map(({ headers }) => headers.get('x-release')))];
}

function imageOf(release: string): string {
  return `${DESCRIPTOR.repository}:${release}`;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { type JsonObject, jsonEndpoint } from '../../../sandbox/aws/protocol.ts';
import type { ActionJob, ActionResult } from '../../../sandbox/codepipeline/action.ts';
import { openJobs } from '../../../sandbox/codepipeline/jobs.ts';
import { lambdaInvoke } from '../../../sandbox/codepipeline/providers/lambda-invoke.ts';
import { startLambda } from '../../../sandbox/lambda/service.ts';
import { shopPipelineFunctions } from '../../../sandbox/shop/pipeline-functions.ts';
import { environmentFor } from '../../../sandbox/stores.ts';
import { openArtifacts, zipOf } from '../codepipeline/providers/fixtures/artifacts.ts';
import { jobWith } from '../codepipeline/providers/fixtures/job.ts';

const REPOSITORY = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop';
let team: Awaited<ReturnType<typeof openTeam>>;

beforeAll(async () => {
  team = await openTeam();
});
afterAll(() => team[Symbol.asyncDispose]());

test.each([
  ['the source says nothing of a release', {}, { imageTag: 'v2' }],
  ['there is no tag', { container: 'shop', repository: REPOSITORY }, {}],
  ['the tag would name another image', { container: 'shop', repository: REPOSITORY }, { imageTag: 'a b' }],
])('renders nothing when %s', async (_when, descriptor, parameters) => {
  const { result, output } = await team.render(descriptor, parameters);
  expect(result).toMatchObject({ status: 'Failed', code: 'JobFailed' });
  await expect(team.artifacts.files(output)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test.each([
  ['the release that was asked for', {}, 'v2'],
  ['the release that the source is pinned to', { imageTag: 'v1' }, 'v1'],
])('renders the image of %s', async (_what, pinned, tag) => {
  const descriptor = { container: 'shop', repository: REPOSITORY, ...pinned };
  const { result, output } = await team.render(descriptor, { imageTag: 'v2' });
  const imageUri = `${REPOSITORY}:${tag}`;
  expect(result).toMatchObject({ status: 'Succeeded', outputVariables: { imageTag: tag, imageUri } });
  const { 'imagedefinitions.json': images = '' } = await team.artifacts.files(output);
  expect(JSON.parse(images)).toEqual([{ name: 'shop', imageUri }]);
});

test('the smoke test is red as soon as more than two requests failed, and says what it saw', async () => {
  team.answerWith([500]);
  expect(await team.run('shop-smoke-test', {})).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(
      /^Smoke test is red: 3 of 3 requests to http:\S+\/checkout\/check failed: 3 × 500 \(v2\)\. At most 2 of 20 may\.$/,
    ),
  });
});

test('the smoke test is green although one request failed, and tells of it', async () => {
  team.answerWith([200, 502, ...Array(18).fill(200)]);
  expect(await team.run('shop-smoke-test', {})).toMatchObject({
    status: 'Succeeded',
    externalExecutionSummary: expect.stringMatching(
      /1 of 20 requests .* failed: 19 × 200 \(v2\), 1 × 502 \(v2\)\.$/,
    ),
  });
});

test('promotes the very image that was deployed', async () => {
  const parameters = { bucket: 'releases', key: 'promoted.json', execution: 'execution-1' };
  const images = zipOf('imagedefinitions.json', [{ name: 'shop', imageUri: `${REPOSITORY}:v2` }]);
  const inputArtifacts = [await team.artifact(images)];
  expect(await team.run('shop-promote', parameters, { inputArtifacts })).toMatchObject({
    status: 'Succeeded',
  });
  const promoted = new GetObjectCommand({ Bucket: 'releases', Key: 'promoted.json' });
  const { Body } = await team.artifacts.s3.send(promoted);
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual({
    imageUri: `${REPOSITORY}:v2`,
    pipelineExecutionId: 'execution-1',
    promotedAt: expect.stringMatching(/Z$/),
  });
});

/** The team's functions as real processes, with what they talk to. */
async function openTeam() {
  const directory = mkdtempSync(join(tmpdir(), 'team-'));
  const artifacts = await openArtifacts();
  const jobs = openJobs();
  let statuses: readonly number[] = [];
  let asked = 0;
  const shop = createServer((_, response) => {
    response.writeHead(statuses[Math.min(asked, statuses.length - 1)] ?? 404, { 'x-release': 'v2' }).end();
    asked += 1;
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const gateway = await startGateway({ s3: artifacts.endpoint, codepipeline: jobsEndpoint(jobs) });
  const shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const functions = shopPipelineFunctions(environmentFor(gateway.url), shopUrl);
  const lambda = startLambda({ functions, logDirectory: join(directory, 'logs') });
  const provider = lambdaInvoke({ invokeFunction: lambda.invoke, jobs });
  const run = (
    FunctionName: string,
    parameters: object,
    facts: Partial<ActionJob> = {},
  ): Promise<ActionResult> =>
    provider.run(
      jobWith({ configuration: { FunctionName, UserParameters: JSON.stringify(parameters) }, ...facts }),
    );
  const artifact = async (body: Uint8Array) => {
    const at = artifacts.at('input');
    await artifacts.put(at.bucket, at.key, body);
    return at;
  };
  return {
    artifacts,
    artifact,
    run,
    async render(descriptor: object, parameters: object) {
      const output = artifacts.at('images');
      const inputArtifacts = [await artifact(zipOf('release.json', descriptor))];
      const result = await run('shop-render-images', parameters, {
        inputArtifacts,
        outputArtifacts: [output],
      });
      return { result, output };
    },
    /** One status for each request of the shop; the last one for all that follow. */
    answerWith(next: readonly number[]) {
      statuses = next;
      asked = 0;
    },
    async [Symbol.asyncDispose]() {
      await lambda.close();
      await gateway.close();
      shop.close();
      await artifacts[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

/** As much of CodePipeline as functions see of it. */
function jobsEndpoint(jobs: ReturnType<typeof openJobs>) {
  return jsonEndpoint(
    {
      PutJobSuccessResult: ({ jobId, executionDetails, outputVariables }) => {
        const { summary } = executionDetails as { summary: string };
        const variables = outputVariables as Record<string, string>;
        jobs.settle(String(jobId), { status: 'Succeeded', summary, outputVariables: variables });
        return {};
      },
      PutJobFailureResult: ({ jobId, failureDetails }: JsonObject) => {
        const { message } = failureDetails as { message: string };
        jobs.settle(String(jobId), { status: 'Failed', code: 'JobFailed', message });
        return {};
      },
    },
    '1.1',
  );
}

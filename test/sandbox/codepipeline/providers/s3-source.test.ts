import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActionJob, ActionResult } from '../../../../sandbox/codepipeline/action.ts';
import { s3Source } from '../../../../sandbox/codepipeline/providers/s3-source.ts';
import { openArtifacts, zipOf } from './fixtures/artifacts.ts';
import { jobWith } from './fixtures/job.ts';

const configuration = { S3Bucket: 'releases', S3ObjectKey: 'shop.zip' };
let artifacts: Awaited<ReturnType<typeof openArtifacts>>;
let older: string;
let newest: string;

beforeAll(async () => {
  artifacts = await openArtifacts();
  older = await artifacts.put('releases', 'shop.zip', zipOf('release.json', { tag: 'older' }));
  newest = await artifacts.put('releases', 'shop.zip', zipOf('release.json', { tag: 'newest' }));
});
afterAll(() => artifacts[Symbol.asyncDispose]());

test.each<[string, Partial<ActionJob>, Partial<ActionResult>]>([
  [
    'a bucket that is not named',
    { configuration: { S3ObjectKey: 'shop.zip' } },
    { code: 'ConfigurationError' },
  ],
  [
    'a bucket that does not exist',
    { configuration: { ...configuration, S3Bucket: 'nowhere' } },
    { code: 'ConfigurationError' },
  ],
  [
    'an object that does not exist',
    { configuration: { ...configuration, S3ObjectKey: 'other.zip' } },
    { code: 'RevisionUnavailable' },
  ],
  [
    'a version that does not exist',
    { sourceRevision: { type: 'S3_OBJECT_VERSION_ID', value: 'no-such-version' } },
    { code: 'RevisionUnavailable' },
  ],
  [
    'a revision of another kind',
    { sourceRevision: { type: 'COMMIT_ID', value: 'c0ffee' } },
    { code: 'ConfigurationError' },
  ],
  [
    'another key where that is not allowed',
    { sourceRevision: { type: 'S3_OBJECT_KEY', value: 'other.zip' } },
    { code: 'ConfigurationError' },
  ],
])('fails for %s, and puts no artifact', async (_what, facts, failure) => {
  const output = artifacts.at('source');
  const result = await run({ configuration, outputArtifacts: [output], ...facts });
  expect(result).toMatchObject({ status: 'Failed', message: expect.any(String), ...failure });
  await expect(artifacts.files(output)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('refuses a bucket without versions: nobody could say later what was released', async () => {
  await artifacts.put('artifacts', 'shop.zip', zipOf('release.json', {}));
  const result = await run({
    configuration: { ...configuration, S3Bucket: 'artifacts' },
    outputArtifacts: [artifacts.at('source')],
  });
  expect(result).toMatchObject({ status: 'Failed', code: 'ConfigurationError' });
});

test('takes the newest version, and says which one that is', async () => {
  const output = artifacts.at('source');
  expect(await run({ configuration, outputArtifacts: [output] })).toMatchObject({
    status: 'Succeeded',
    externalExecutionId: newest,
    outputVariables: { VersionId: newest, BucketName: 'releases', ObjectKey: 'shop.zip' },
    revision: { revisionId: newest, revisionSummary: `Amazon S3 version id: ${newest}` },
  });
  expect(await artifacts.files(output)).toEqual({ 'release.json': '{"tag":"newest"}' });
});

test('takes the version that the execution was started with', async () => {
  const output = artifacts.at('source');
  const sourceRevision = { type: 'S3_OBJECT_VERSION_ID', value: older };
  const result = await run({ configuration, sourceRevision, outputArtifacts: [output] });
  expect(result).toMatchObject({ status: 'Succeeded', revision: { revisionId: older } });
  expect(await artifacts.files(output)).toEqual({ 'release.json': '{"tag":"older"}' });
});

function run(facts: Partial<ActionJob>): Promise<ActionResult> {
  return s3Source(artifacts.s3).run(jobWith(facts));
}

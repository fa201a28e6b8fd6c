import { ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActionJob, ActionResult } from '../../../../sandbox/codepipeline/action.ts';
import { ecrSource } from '../../../../sandbox/codepipeline/providers/ecr-source.ts';
import { clientInside } from '../../../../sandbox/codepipeline/providers/inside.ts';
import { startEcr } from '../../../../sandbox/ecr/service.ts';
import { openArtifacts } from './fixtures/artifacts.ts';
import { jobWith } from './fixtures/job.ts';

const images = ['v1', 'v2'].map((tag, index) => ({
  tag,
  digest: `sha256:${String(index).repeat(64)}`,
  pushedMs: index,
}));
const [v1, v2] = images.map(({ digest }) => digest);
const repositories = {
  imagesOf: (name: string) => (name === 'web' ? images : undefined),
  remove: () => {},
};
const ecr = new ECRClient(clientInside(startEcr({ repositories }).endpoint));
let artifacts: Awaited<ReturnType<typeof openArtifacts>>;

beforeAll(async () => {
  artifacts = await openArtifacts();
});
afterAll(() => artifacts[Symbol.asyncDispose]());

test.each<[string, Partial<ActionJob>, string]>([
  ['no repository', { configuration: {} }, 'ConfigurationError'],
  ['an unknown repository', { configuration: { RepositoryName: 'api' } }, 'ConfigurationError'],
  ['no image under the tag', { configuration: { RepositoryName: 'web' } }, 'RevisionUnavailable'],
  [
    'a digest that nobody pushed',
    { sourceRevision: { type: 'IMAGE_DIGEST', value: `sha256:${'f'.repeat(64)}` } },
    'RevisionUnavailable',
  ],
  ['a commit', { sourceRevision: { type: 'COMMIT_ID', value: 'c0ffee' } }, 'ConfigurationError'],
])('fails for %s', async (_what, facts, code) => {
  expect(await run(facts)).toMatchObject({ status: 'Failed', code });
});

test.each([
  ['the image of the tag', null, v2, 'v2'],
  ['the digest that the execution was started with', { type: 'IMAGE_DIGEST', value: v1 ?? '' }, v1, 'v1'],
])('takes %s', async (_what, sourceRevision, digest, tag) => {
  const output = artifacts.at('image');
  expect(await run({ sourceRevision, outputArtifacts: [output] })).toMatchObject({
    status: 'Succeeded',
    revision: { revisionId: digest },
    outputVariables: { ImageDigest: digest, ImageTag: tag },
  });
  const { 'imageDetail.json': detail = '' } = await artifacts.files(output);
  expect(JSON.parse(detail)).toMatchObject({
    ImageURI: `000000000000.dkr.ecr.us-east-1.amazonaws.com/web@${digest}`,
    ImageTags: [tag],
  });
});

function run(facts: Partial<ActionJob>): Promise<ActionResult> {
  const configuration = { RepositoryName: 'web', ImageTag: facts.configuration ? 'v3' : 'v2' };
  const outputArtifacts = [artifacts.at('image')];
  return ecrSource(ecr, artifacts.s3).run(jobWith({ configuration, outputArtifacts, ...facts }));
}

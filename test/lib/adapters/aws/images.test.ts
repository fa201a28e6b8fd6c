import { ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ecrImages } from '../../../../lib/adapters/aws/images.ts';
import { type Served, serve } from '../http/servers.ts';

let registry: Served;
let asked: string[];

/** A registry that holds every image, archived when its tag says so. */
beforeAll(async () => {
  registry = await serve((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      asked.push(body);
      const imageStatus = body.includes('archived') ? 'ARCHIVED' : undefined;
      response.end(JSON.stringify({ imageDetails: [{ imageDigest: 'sha256:beef', imageStatus }] }));
    });
  });
});

afterAll(() => registry.close());

function images() {
  asked = [];
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const regions: string[] = [];
  const port = ecrImages((region) => {
    regions.push(region);
    return new ECRClient({ region, endpoint: registry.url, credentials });
  });
  return { port, regions };
}

test.each([
  ['nginx', 'docker.io'],
  ['library/nginx:1', 'docker.io'],
  ['ghcr.io/acme/shop@sha256:beef', 'ghcr.io'],
  ['localhost/shop', 'localhost'],
  ['registry.example:5000/shop:1', 'registry.example:5000'],
  ['public.ecr.aws/nginx/nginx:1', 'public.ecr.aws'],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/shop:1',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example',
  ],
])('does not ask for %s: its registry is %s', async (image, name) => {
  const { port } = images();
  expect(await port({ image, digest: null })).toEqual({ kind: 'not-asked', registry: name });
  expect(asked).toEqual([]);
});

test('an archived image is not pullable', async () => {
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:archived';
  expect(await images().port({ image, digest: null })).toEqual({
    kind: 'missing',
    reason: 'it is ARCHIVED in repository shop',
  });
});

test.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop:v4', null, { imageTag: 'v4' }],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop', null, { imageTag: 'latest' }],
  [
    '123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com/team/shop:v4@sha256:cafe',
    null,
    { imageDigest: 'sha256:cafe' },
  ],
  ['123456789012.dkr-ecr.eu-west-1.on.aws/team/shop:v4', 'sha256:beef', { imageDigest: 'sha256:beef' }],
])('asks the registry of %s in its own account and Region', async (image, digest, imageId) => {
  const { port, regions } = images();
  expect(await port({ image, digest })).toEqual({ kind: 'there', digest: 'sha256:beef' });
  await port({ image, digest });
  expect(regions).toEqual(['eu-west-1']);
  expect(JSON.parse(asked[0] ?? '')).toEqual({
    registryId: '123456789012',
    repositoryName: 'team/shop',
    imageIds: [imageId],
  });
});

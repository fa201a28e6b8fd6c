import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEcr } from '../../../sandbox/ecr/service.ts';
import { shopImages } from '../../../sandbox/shop/images.ts';
import { type Served, serve } from '../fixtures/served.ts';

let images: ReturnType<typeof shopImages>;
let served: Served;
let client: ECRClient;

beforeEach(async () => {
  images = shopImages();
  served = await serve(() => ({ ecr: startEcr({ repositories: images }).endpoint }));
  client = new ECRClient(served.configuration);
});

afterEach(() => {
  client.destroy();
  return served.close();
});

const describe = (imageIds?: ImageIdentifier[], repositoryName = 'shop') =>
  client.send(new DescribeImagesCommand({ repositoryName, ...(imageIds && { imageIds }) }));
const get = (...imageIds: ImageIdentifier[]) =>
  client.send(new BatchGetImageCommand({ repositoryName: 'shop', imageIds }));
const remove = (...imageIds: ImageIdentifier[]) =>
  client.send(new BatchDeleteImageCommand({ repositoryName: 'shop', imageIds }));
const digestOf = (tag: string) => String(images.resolve(`shop:${tag}`)?.digest);

test('does not find an image that is not there', async () => {
  const missing = { name: 'ImageNotFoundException', $metadata: { httpStatusCode: 400 } };
  await expect(describe([{ imageTag: 'healthy' }, { imageTag: 'unknown' }])).rejects.toMatchObject(missing);
  const imageDigest = `sha256:${'0'.repeat(64)}`;
  await expect(describe([{ imageDigest }])).rejects.toMatchObject(missing);
  await expect(
    describe([{ imageTag: 'healthy', imageDigest: digestOf('boot-crash') }]),
  ).rejects.toMatchObject(missing);
  const { images: found, failures } = await get({ imageDigest });
  expect([found, failures]).toMatchObject([[], [{ imageId: { imageDigest }, failureCode: 'ImageNotFound' }]]);
});

test('does not find a repository that is not there, nor one of another account', async () => {
  const missing = { name: 'RepositoryNotFoundException', $metadata: { httpStatusCode: 400 } };
  await expect(describe(undefined, 'stock')).rejects.toMatchObject(missing);
  const foreign = new DescribeImagesCommand({ repositoryName: 'shop', registryId: '111122223333' });
  await expect(client.send(foreign)).rejects.toMatchObject(missing);
});

test('an image that was deleted cannot be pulled any more, neither by tag nor by digest', async () => {
  const [kept, deleted] = [digestOf('healthy'), digestOf('healthy-next')];
  const { imageIds, failures } = await remove({ imageTag: 'healthy-next' }, { imageTag: 'unknown' });
  expect(imageIds).toEqual([{ imageTag: 'healthy-next', imageDigest: deleted }]);
  expect(failures).toMatchObject([{ imageId: { imageTag: 'unknown' }, failureCode: 'ImageNotFound' }]);
  expect(images.resolve('shop:healthy-next')).toBeUndefined();
  expect(images.resolve(`shop@${deleted}`)).toBeUndefined();
  await expect(describe([{ imageDigest: deleted }])).rejects.toMatchObject({
    name: 'ImageNotFoundException',
  });
  expect(images.resolve(`shop@${kept}`)).toBeDefined();
});

test('says why it cannot look an image up', async () => {
  const { failures } = await get(
    {},
    { imageDigest: 'latest' },
    { imageTag: 'healthy', imageDigest: digestOf('boot-crash') },
  );
  expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
    'MissingDigestAndTag',
    'InvalidImageDigest',
    'ImageTagDoesNotMatchDigest',
  ]);
});

test('an image is what ECS would run, by tag and by digest', async () => {
  const imageDigest = digestOf('healthy');
  const expected = {
    registryId: '000000000000',
    repositoryName: 'shop',
    imageDigest,
    imageTags: ['healthy'],
  };
  const { imageDetails } = await describe([{ imageTag: 'healthy' }, { imageDigest }]);
  expect(imageDetails).toMatchObject([expected, expected]);
  expect(imageDetails?.[0]?.imagePushedAt).toBeInstanceOf(Date);
  const { images: found } = await get({ imageTag: 'healthy' });
  expect(found?.[0]?.imageId).toEqual({ imageTag: 'healthy', imageDigest });
  expect(JSON.parse(found?.[0]?.imageManifest ?? '')).toMatchObject({ config: { digest: imageDigest } });
});

test('lists a repository page by page', async () => {
  const all = (await describe()).imageDetails ?? [];
  const tags: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof describe>> = await client.send(
      new DescribeImagesCommand({ repositoryName: 'shop', maxResults: 2, ...(nextToken && { nextToken }) }),
    );
    tags.push(...(page.imageDetails ?? []).map(({ imageTags }) => imageTags?.[0]));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(tags).toEqual(all.map(({ imageTags }) => imageTags?.[0]));
  expect(tags).toContain('quiet-bug');
});

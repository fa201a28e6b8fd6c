import * as v from 'valibot';
import { ACCOUNT } from '../aws/account.ts';
import { integer, listOf, members, read, text } from '../aws/input.ts';
import { AwsError, type Endpoint, type JsonObject, jsonEndpoint } from '../aws/protocol.ts';
import { failureOf, find, type ImageId } from './image-id.ts';
import type { Repositories, StoredImage } from './repositories.ts';

export interface Ecr {
  readonly endpoint: Endpoint;
}

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const INVALID = 'InvalidParameterException';
const PAGE_SIZE = 100;

const imageId = members({ imageDigest: v.optional(text), imageTag: v.optional(text) });
const repository = { registryId: v.optional(text, ACCOUNT), repositoryName: text };
const describeInput = members({
  ...repository,
  imageIds: v.optional(listOf(imageId, 100, 1)),
  maxResults: v.optional(integer(1, 1000), PAGE_SIZE),
  nextToken: v.optional(v.pipe(text, v.digits('is none')), '0'),
});
const batchInput = members({ ...repository, imageIds: listOf(imageId, 100, 1) });
const getInput = members({
  ...repository,
  imageIds: listOf(imageId, 100, 1),
  acceptedMediaTypes: v.optional(listOf(text, 100)),
});

/** Reads, and takes away, the images that tasks run. */
export function startEcr({ repositories }: { readonly repositories: Repositories }): Ecr {
  const imagesIn = ({ registryId, repositoryName }: { registryId: string; repositoryName: string }) =>
    (registryId === ACCOUNT ? repositories.imagesOf(repositoryName) : undefined) ??
    noRepository(registryId, repositoryName);
  const operations = {
    DescribeImages: (input: JsonObject) => {
      const asked = read(describeInput, input, INVALID);
      const { repositoryName, imageIds, maxResults } = asked;
      const images = imagesIn(asked);
      if (imageIds) return { imageDetails: imageIds.map((id) => detail(asked, existing(images, id, asked))) };
      const from = Number(asked.nextToken);
      const next = from + maxResults < images.length ? { nextToken: String(from + maxResults) } : {};
      const page = images.slice(from, from + maxResults);
      return { imageDetails: page.map((image) => detail({ repositoryName }, image)), ...next };
    },
    BatchGetImage: (input: JsonObject) => {
      const asked = read(getInput, input, INVALID);
      const { found, failures } = sorted(imagesIn(asked), asked.imageIds);
      return { images: found.map(({ id, image }) => withManifest(asked, id, image)), failures };
    },
    BatchDeleteImage: (input: JsonObject) => {
      const asked = read(batchInput, input, INVALID);
      const { found, failures } = sorted(imagesIn(asked), asked.imageIds);
      for (const { image } of found) repositories.remove(asked.repositoryName, image.digest);
      return { imageIds: found.map(({ image }) => identifierOf(image)), failures };
    },
  };
  return { endpoint: jsonEndpoint(operations, '1.1') };
}

/** A batch answers for each image by itself: one that is missing does not stop the others. */
function sorted(images: readonly StoredImage[], ids: readonly ImageId[]) {
  const found = ids.flatMap((id) => {
    const image = find(images, id);
    return image ? [{ id, image }] : [];
  });
  const missing = ids.filter((id) => !find(images, id));
  return { found, failures: missing.map((id) => failureOf(images, id)) };
}

function existing(
  images: readonly StoredImage[],
  id: ImageId,
  { repositoryName }: { readonly repositoryName: string },
): StoredImage {
  const image = find(images, id);
  if (image) return image;
  const { imageDigest = 'null', imageTag = 'null' } = id;
  const asked = `{imageDigest:'${imageDigest}', imageTag:'${imageTag}'}`;
  const message = `The image with imageId ${asked} does not exist within the repository with name '${repositoryName}' in the registry with id '${ACCOUNT}'`;
  throw new AwsError('ImageNotFoundException', message);
}

function noRepository(registryId: string, repositoryName: string): never {
  const message = `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`;
  throw new AwsError('RepositoryNotFoundException', message);
}

function detail({ repositoryName }: { readonly repositoryName: string }, image: StoredImage): JsonObject {
  return {
    registryId: ACCOUNT,
    repositoryName,
    imageDigest: image.digest,
    imageTags: [image.tag],
    imagePushedAt: image.pushedMs / 1000,
    imageManifestMediaType: MEDIA_TYPE,
  };
}

/** The manifest stands for the image, which has no layers: it is a program of the sandbox. */
function withManifest(
  { repositoryName }: { readonly repositoryName: string },
  id: ImageId,
  image: StoredImage,
): JsonObject {
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE, config: { digest: image.digest }, layers: [] };
  return {
    registryId: ACCOUNT,
    repositoryName,
    imageId: { ...id, imageDigest: image.digest },
    imageManifest: JSON.stringify(manifest),
    imageManifestMediaType: MEDIA_TYPE,
  };
}

function identifierOf({ tag, digest }: StoredImage): JsonObject {
  return { imageTag: tag, imageDigest: digest };
}

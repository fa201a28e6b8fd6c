import type { JsonObject } from '../aws/protocol.ts';
import type { StoredImage } from './repositories.ts';

/** By tag, by digest, or by both if they belong together. */
export interface ImageId {
  readonly imageTag?: string | undefined;
  readonly imageDigest?: string | undefined;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function find(
  images: readonly StoredImage[],
  { imageTag, imageDigest }: ImageId,
): StoredImage | undefined {
  if (imageTag === undefined && imageDigest === undefined) return undefined;
  return images.find(({ tag, digest }) => (imageTag ?? tag) === tag && (imageDigest ?? digest) === digest);
}

/** Why an image was not found, as batch operations tell it. */
export function failureOf(images: readonly StoredImage[], id: ImageId): JsonObject {
  const { imageTag, imageDigest } = id;
  const failure = (failureCode: string, failureReason: string) => ({
    imageId: id,
    failureCode,
    failureReason,
  });
  if (imageTag === undefined && imageDigest === undefined)
    return failure('MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  if (imageDigest !== undefined && !DIGEST.test(imageDigest))
    return failure('InvalidImageDigest', `Invalid request parameters: image digest '${imageDigest}'`);
  if (imageDigest !== undefined && find(images, { imageTag }))
    return failure('ImageTagDoesNotMatchDigest', 'The tag belongs to an image of another digest');
  return failure('ImageNotFound', 'Requested image not found');
}

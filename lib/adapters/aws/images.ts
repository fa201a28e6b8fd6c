import { DescribeImagesCommand, type ECRClient, type ImageIdentifier } from '@aws-sdk/client-ecr';
import type { ImageFound } from '../../drill/guardrails/images.ts';
import type { Images } from '../../ports/guardrails.ts';

/** Asks Amazon ECR, in whatever account and Region the image lies. Other registries are not asked. */
export function ecrImages(ecrIn: (region: string) => ECRClient): Images {
  const clients = new Map<string, ECRClient>();
  return async ({ image, digest }) => {
    const place = placeOf(image);
    if (!place) return { kind: 'not-asked', registry: registryOf(image) };
    const { registryId, region, repositoryName } = place;
    const ecr = clients.get(region) ?? ecrIn(region);
    clients.set(region, ecr);
    const imageId = digest ? { imageDigest: digest } : place.imageId;
    const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [imageId] });
    try {
      const { imageDetails = [] } = await ecr.send(command);
      const [found] = imageDetails;
      if (!found?.imageDigest) return missing(repositoryName, imageId);
      const { imageDigest, imageStatus = 'ACTIVE' } = found;
      if (imageStatus === 'ACTIVE') return { kind: 'there', digest: imageDigest };
      return { kind: 'missing', reason: `it is ${imageStatus} in repository ${repositoryName}` };
    } catch (error) {
      if (!GONE.has((error as Error).name)) throw error;
      return missing(repositoryName, imageId);
    }
  };
}

const GONE = new Set(['ImageNotFoundException', 'RepositoryNotFoundException']);

interface Place {
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
}

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY[:TAG][@DIGEST]`, also with FIPS, dual stack or in China. */
const ECR_IMAGE =
  /^(?<registryId>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<repositoryName>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/;

function placeOf(image: string): Place | undefined {
  const { registryId, region, repositoryName, tag, digest } = ECR_IMAGE.exec(image)?.groups ?? {};
  if (!registryId || !region || !repositoryName) return undefined;
  const imageId = digest ? { imageDigest: digest } : { imageTag: tag ?? 'latest' };
  return { registryId, region, repositoryName, imageId };
}

/** A first part with a dot or a port is a host; everything else lies on Docker Hub. */
function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

function missing(repository: string, { imageDigest, imageTag }: ImageIdentifier): ImageFound {
  return { kind: 'missing', reason: `repository ${repository} has no image ${imageDigest ?? imageTag}` };
}

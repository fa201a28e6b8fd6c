import { DescribeImagesCommand, type ECRClient, type ImageDetail } from '@aws-sdk/client-ecr';
import type { S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, REGION } from '../../aws/account.ts';
import type { ActionJob, ActionProvider, ActionResult } from '../action.ts';
import { writeOutput } from './artifacts.ts';
import { ActionFailed, failing, required } from './failure.ts';

/** Source/ECR: the image that a tag names, or the digest that the execution was started with, as `imageDetail.json`. */
export function ecrSource(ecr: ECRClient, s3: S3Client): ActionProvider {
  return { category: 'Source', provider: 'ECR', run: (job) => failing(job, () => find(ecr, s3, job)) };
}

async function find(ecr: ECRClient, s3: S3Client, job: ActionJob): Promise<ActionResult> {
  const RepositoryName = required(job, 'RepositoryName');
  const image = await describe(ecr, RepositoryName, wantedBy(job));
  const ImageDigest = image.imageDigest ?? '';
  const [ImageTag = ''] = image.imageTags ?? [];
  const ImageURI = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${RepositoryName}@${ImageDigest}`;
  const found = { RegistryId: ACCOUNT, RepositoryName, ImageDigest, ImageURI };
  await writeOutput(s3, job, 'imageDetail.json', {
    ...found,
    Version: '1.0',
    ImagePushedAt: image.imagePushedAt,
    ImageTags: image.imageTags,
  });
  return {
    status: 'Succeeded',
    externalExecutionId: ImageDigest,
    outputVariables: { ...found, ImageTag },
    revision: { revisionId: ImageDigest, revisionSummary: `Image ${RepositoryName}:${ImageTag}` },
  };
}

function wantedBy(job: ActionJob): { imageDigest: string } | { imageTag: string } {
  const { sourceRevision, configuration, actionName } = job;
  if (!sourceRevision) return { imageTag: configuration.ImageTag ?? 'latest' };
  if (sourceRevision.type === 'IMAGE_DIGEST') return { imageDigest: sourceRevision.value };
  const message = `The source revision of the action ${actionName} is of type ${sourceRevision.type}; allowed is IMAGE_DIGEST.`;
  throw new ActionFailed('ConfigurationError', message);
}

async function describe(
  ecr: ECRClient,
  repositoryName: string,
  imageId: { imageDigest: string } | { imageTag: string },
): Promise<ImageDetail> {
  const { imageDetails } = await ecr
    .send(new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }))
    .catch(unavailable);
  return imageDetails?.[0] ?? {};
}

function unavailable(error: Error): never {
  if (error.name === 'ImageNotFoundException') throw new ActionFailed('RevisionUnavailable', error.message);
  throw error;
}

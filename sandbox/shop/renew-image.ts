import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import {
  type ContainerImage,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';

export interface Clients {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
}

/**
 * A service from before its image changed runs one that is in no registry any more, and nothing could go back to it: it is
 * deployed anew, as its team would have done. Only where it is steady on that very image. Answers whether it was.
 */
export async function renewImage({ ecs, ecr }: Clients, service: Service, image: string): Promise<boolean> {
  const { deployments = [], currentServiceRevisions = [], clusterArn, serviceName } = service;
  const isSteady = deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
  const [current] = currentServiceRevisions;
  if (!isSteady || !current?.arn) return false;
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [current.arn] }),
  );
  const running = serviceRevisions?.[0]?.containerImages?.find((one) => one.image === image);
  if (!running?.imageDigest || (await isThere(ecr, running))) return false;
  await ecs.send(
    new UpdateServiceCommand({ cluster: clusterArn, service: serviceName, forceNewDeployment: true }),
  );
  return true;
}

async function isThere(ecr: ECRClient, { image = '', imageDigest }: ContainerImage): Promise<boolean> {
  const repositoryName = image.replace(/^.*\//, '').replace(/[:@].*$/, '');
  const asked = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] });
  return ecr.send(asked).then(
    () => true,
    (error: Error) => {
      if (error.name === 'ImageNotFoundException') return false;
      throw error;
    },
  );
}

import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeploymentBrief,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { EcsService } from './target.ts';

/** `undefined` when there is no such service, or no such cluster. */
export async function describe({ ecs, cluster, service }: EcsService): Promise<Service | undefined> {
  const { services } = await ecs
    .send(new DescribeServicesCommand({ cluster, services: [service] }))
    .catch(absentCluster);
  return services?.[0];
}

/** `undefined` when there is no such task definition. */
export async function taskDefinition({ ecs }: EcsService, name: string): Promise<TaskDefinition | undefined> {
  try {
    return (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }))).taskDefinition;
  } catch (error) {
    if ((error as Error).name === 'ClientException') return undefined;
    throw error;
  }
}

export async function newestDeployment({
  ecs,
  cluster,
  service,
}: EcsService): Promise<ServiceDeploymentBrief | undefined> {
  const { serviceDeployments = [] } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
  return serviceDeployments.toSorted(
    (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
  )[0];
}

/** Digest of the revision's first image; `null` when ECS does not tell it, or not yet. */
export async function imageDigest(
  { ecs }: EcsService,
  revisionArn: string | undefined,
): Promise<string | null> {
  if (!revisionArn) return null;
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revisionArn] }),
  );
  return serviceRevisions?.[0]?.containerImages?.[0]?.imageDigest ?? null;
}

function absentCluster(error: Error): { services: Service[] } {
  if (error.name === 'ClusterNotFoundException') return { services: [] };
  throw error;
}

import {
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

function absentCluster(error: Error): { services: Service[] } {
  if (error.name === 'ClusterNotFoundException') return { services: [] };
  throw error;
}

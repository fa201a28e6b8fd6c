import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeploymentBrief,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ImageReference } from '../../../drill/guardrails/images.ts';
import type { EcsService } from './target.ts';

const DAY_MS = 86_400_000;
const MOST_PAGES = 20;

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

/** The control plane's identity of what the service runs. */
export function revisionOf({ currentServiceRevisions, deployments }: Service): string {
  return currentServiceRevisions?.[0]?.arn ?? deployments?.[0]?.id ?? '';
}

/** Of the last day. */
export async function newestDeployment(target: EcsService): Promise<ServiceDeploymentBrief | undefined> {
  return (await recentDeployments(target))[0];
}

/**
 * Of the last day, the newest first: a drill and what it must notice are younger. The order of ECS's list is not documented,
 * so all of it is read.
 */
export async function recentDeployments({
  ecs,
  clock,
  cluster,
  service,
}: EcsService): Promise<readonly ServiceDeploymentBrief[]> {
  const after = new Date(clock.now() - DAY_MS);
  const request = { cluster, service, createdAt: { after }, maxResults: 100 };
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const listed = await ecs.send(
      new ListServiceDeploymentsCommand({ ...request, ...(nextToken ? { nextToken } : {}) }),
    );
    found.push(...(listed.serviceDeployments ?? []));
    nextToken = listed.nextToken;
    if (!nextToken) break;
  }
  return found.toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
}

/** Digest of the revision's first image; `null` when ECS does not tell it, or not yet. */
export async function imageDigest(
  target: EcsService,
  revisionArn: string | undefined,
): Promise<string | null> {
  const [first] = await serviceImages(target, revisionArn);
  return first?.digest ?? null;
}

/** The images of the revision, one for each container; none when ECS does not tell them. */
export async function serviceImages(
  { ecs }: EcsService,
  revisionArn: string | undefined,
): Promise<readonly ImageReference[]> {
  if (!revisionArn) return [];
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revisionArn] }),
  );
  const images = serviceRevisions?.[0]?.containerImages ?? [];
  return images.flatMap(({ image, imageDigest }) => (image ? [{ image, digest: imageDigest ?? null }] : []));
}

function absentCluster(error: Error): { services: Service[] } {
  if (error.name === 'ClusterNotFoundException') return { services: [] };
  throw error;
}

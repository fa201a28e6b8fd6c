import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { arn } from '../aws/account.ts';

export const SHOP_TARGET_GROUP = arn('elasticloadbalancing', 'targetgroup/shop/0123456789abcdef');

const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy';
const CLUSTER = 'demo';
const SERVICE = 'shop';
const TASKS = 3;
const STABLE_WITHIN_MS = 20_000;

/** What a team would have deployed long ago: the shop's cluster and service, by the same API that anybody would use. */
export async function deployShop(
  environment: Readonly<Record<string, string>>,
  { circuitBreaker }: { circuitBreaker: boolean },
): Promise<void> {
  const ecs = clientFor(environment);
  try {
    if (!(await describe(ecs))) await create(ecs);
    await configure(ecs, circuitBreaker);
    await untilServing(ecs);
  } finally {
    ecs.destroy();
  }
}

async function create(ecs: ECSClient): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: SERVICE,
      containerDefinitions: [
        { name: SERVICE, image: IMAGE, essential: true, portMappings: [{ containerPort: 8080 }] },
      ],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: CLUSTER,
      serviceName: SERVICE,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: TASKS,
      loadBalancers: [{ targetGroupArn: SHOP_TARGET_GROUP, containerName: SERVICE, containerPort: 8080 }],
    }),
  );
}

/** Changes how the next deployment goes; it starts none. */
async function configure(ecs: ECSClient, circuitBreaker: boolean): Promise<void> {
  const deploymentConfiguration = {
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker },
  };
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, deploymentConfiguration }));
}

/** A service that was left in the middle of a deployment is served by what it has; one that is steady is waited for. */
async function untilServing(ecs: ECSClient): Promise<void> {
  const deadline = Date.now() + STABLE_WITHIN_MS;
  while (Date.now() < deadline) {
    const service = await describe(ecs);
    const [primary, ...others] = service?.deployments ?? [];
    if (
      service?.runningCount === service?.desiredCount &&
      primary?.rolloutState !== 'IN_PROGRESS' &&
      others.length === 0
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function describe(ecs: ECSClient) {
  const { services } = await ecs
    .send(new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE] }))
    .catch(noCluster);
  return services?.[0];
}

function noCluster(error: Error): { services: [] } {
  if (error.name === 'ClusterNotFoundException') return { services: [] };
  throw error;
}

function clientFor({
  AWS_ENDPOINT_URL = '',
  AWS_REGION = '',
  AWS_ACCESS_KEY_ID = '',
  AWS_SECRET_ACCESS_KEY = '',
}: Readonly<Record<string, string>>): ECSClient {
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return new ECSClient({ endpoint: AWS_ENDPOINT_URL, region: AWS_REGION, credentials });
}

import { ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { arn } from '../aws/account.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { putShopAlarms } from './alarms.ts';
import { putShopQueues } from './queues.ts';
import { renewImage } from './renew-image.ts';
import { putShopSecrets } from './secrets.ts';

export const SHOP_LOAD_BALANCER = arn('elasticloadbalancing', 'loadbalancer/app/shop/0123456789abcdef');
export const SHOP_TARGET_GROUP = arn('elasticloadbalancing', 'targetgroup/shop/0123456789abcdef');

const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy';
export const CLUSTER = 'demo';
export const SERVICE = 'shop';
export const TASKS = 3;
const SERVING_WITHIN_MS = 10_000;

export interface ShopOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly edgeUrl: string;
  readonly circuitBreaker: boolean;
  /** Whether something is to find the service as it was left. */
  readonly isLeftAlone?: boolean;
}

/** What a team would have deployed long ago: the shop's cluster, service, alarms, queues and secret, by the same API that anybody would use. */
export async function deployShop({
  environment,
  edgeUrl,
  circuitBreaker,
  isLeftAlone = false,
}: ShopOptions): Promise<void> {
  const ecs = new ECSClient(clientSettings(environment));
  const ecr = new ECRClient(clientSettings(environment));
  try {
    const [mailKeyArn] = await Promise.all([
      putShopSecrets(environment),
      putShopAlarms(environment),
      putShopQueues(environment),
    ]);
    const found = await describe(ecs);
    if (!found) await create(ecs, mailKeyArn);
    await configure(ecs, circuitBreaker);
    const isRenewed = found && !isLeftAlone ? await renewImage({ ecs, ecr }, found, IMAGE) : false;
    await until(async () => isStaffed(await describe(ecs), !found || isRenewed));
    await until(() => isServing(edgeUrl));
  } finally {
    for (const client of [ecs, ecr]) client.destroy();
  }
}

async function create(ecs: ECSClient, mailKeyArn: string): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: SERVICE,
      containerDefinitions: [
        {
          name: SERVICE,
          image: IMAGE,
          essential: true,
          portMappings: [{ containerPort: 8080 }],
          secrets: [{ name: 'MAIL_KEY', valueFrom: mailKeyArn }],
        },
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

/** A service that was left in the middle of a deployment may never be steady; that its tasks are back is enough. */
function isStaffed(service: Service | undefined, steady: boolean): boolean {
  const { deployments = [], runningCount = 0, desiredCount = 0 } = service ?? {};
  return (
    runningCount >= desiredCount &&
    (!steady || deployments.every(({ rolloutState }) => rolloutState === 'COMPLETED'))
  );
}

async function isServing(edgeUrl: string): Promise<boolean> {
  const response = await fetch(`${edgeUrl}/health`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 200;
}

/** Goes on all the same after a while: what does not serve is for the drill to find out. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + SERVING_WITHIN_MS;
  while (Date.now() < deadline && !(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
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

import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { S3Client } from '@aws-sdk/client-s3';
import { REGION } from '../../aws/account.ts';
import type { Truth } from '../../truth.ts';
import type { ActionJob, ActionProvider, ActionResult } from '../action.ts';
import { readInput } from './artifacts.ts';
import { endOfRollout } from './ecs-rollout.ts';
import { ActionFailed, failing, required } from './failure.ts';
import { type ImageDefinitions, imageDefinitions, withImages } from './image-definitions.ts';

export interface EcsDeployOptions {
  readonly ecs: ECSClient;
  readonly s3: S3Client;
  readonly truth: Truth;
  /** How long a minute of `DeploymentTimeout` lasts. */
  readonly minuteMs?: number;
}

const MINUTE_MS = 60_000;
const LONGEST_TIMEOUT_MINUTES = 60;
const FILE_NAME = 'imagedefinitions.json';

/**
 * Deploy/ECS: a new revision of the service's task definition with the images that the artifact names, and a
 * deployment of it, until that is over. Abandoned it waits no longer; the deployment goes on.
 */
export function ecsDeploy(options: EcsDeployOptions): ActionProvider {
  return { category: 'Deploy', provider: 'ECS', run: (job) => failing(job, () => deploy(options, job)) };
}

async function deploy(
  { ecs, s3, truth, minuteMs = MINUTE_MS }: EcsDeployOptions,
  job: ActionJob,
): Promise<ActionResult> {
  const { FileName = FILE_NAME } = job.configuration;
  const target = {
    cluster: job.configuration.ClusterName ?? 'default',
    service: required(job, 'ServiceName'),
  };
  const limitMs = timeoutMinutes(job) * minuteMs;
  const images = imageDefinitions(await readInput(s3, job, FileName), FileName);
  const { taskDefinition: running = '' } = await describe(ecs, target);
  const taskDefinition = await register(ecs, running, images);
  job.signal.throwIfAborted();
  const { service } = await ecs.send(new UpdateServiceCommand({ ...target, taskDefinition }));
  const deploymentId = primaryOf(service);
  job.started({ externalExecutionId: deploymentId, externalExecutionUrl: urlOf(target) });
  truth('pipeline-deployment', { execution: job.pipelineExecutionId, deploymentId, taskDefinition });
  const look = async () => (await describe(ecs, target)).deployments ?? [];
  const end = await endOfRollout(look, deploymentId, { limitMs, signal: job.signal });
  if (end.kind === 'completed')
    return { status: 'Succeeded', externalExecutionId: deploymentId, externalExecutionUrl: urlOf(target) };
  return { status: 'Failed', code: 'JobFailed', message: end.reason, externalExecutionId: deploymentId };
}

function timeoutMinutes({ configuration: { DeploymentTimeout } }: ActionJob): number {
  if (DeploymentTimeout === undefined) return LONGEST_TIMEOUT_MINUTES;
  const minutes = Number(DeploymentTimeout);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_TIMEOUT_MINUTES) return minutes;
  const allowed = `a whole number of minutes from 1 to ${LONGEST_TIMEOUT_MINUTES}`;
  throw new ActionFailed(
    'ConfigurationError',
    `DeploymentTimeout must be ${allowed}, received ${DeploymentTimeout}.`,
  );
}

async function describe(
  ecs: ECSClient,
  { cluster, service }: { cluster: string; service: string },
): Promise<Service> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  const found = services?.[0];
  if (found?.status === 'ACTIVE') return found;
  const message = `The service ${service} in the cluster ${cluster} is ${found?.status ?? 'MISSING'}; it must be ACTIVE.`;
  throw new ActionFailed('ConfigurationError', message);
}

/** The same task definition with other images, as the next revision of its family. */
async function register(ecs: ECSClient, running: string, images: ImageDefinitions): Promise<string> {
  const { taskDefinition = {}, tags = [] } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: running, include: ['TAGS'] }),
  );
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    compatibilities: _compatibilities,
    requiresAttributes: _attributes,
    registeredAt: _registeredAt,
    registeredBy: _registeredBy,
    deregisteredAt: _deregisteredAt,
    family,
    containerDefinitions = [],
    ...same
  } = taskDefinition;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...same,
      family,
      containerDefinitions: [...withImages(containerDefinitions, images)],
      ...(tags.length > 0 ? { tags } : {}),
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn ?? '';
}

function primaryOf(service: Service | undefined): string {
  return service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? '';
}

function urlOf({ cluster, service }: { cluster: string; service: string }): string {
  const console = `https://${REGION}.console.aws.amazon.com/ecs/v2`;
  return `${console}/clusters/${cluster}/services/${service}/deployments?region=${REGION}`;
}

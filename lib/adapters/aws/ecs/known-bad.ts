import {
  type ContainerDefinition,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { iso } from '../../../drill/clock.ts';
import type { Captured } from '../../../drill/entry.ts';
import type { KnownBad } from '../../../drill/plan/plan.ts';
import type { Deployment, TargetContext } from '../../../ports/target.ts';
import { isKnownBad, knownBadFamily } from './identity.ts';
import { describe, imageDigest, newestDeployment } from './read.ts';
import type { EcsService } from './target.ts';

type Override = Extract<KnownBad, { kind: 'override' }>;

/**
 * UpdateService has no client token: the service is read first, so that a repeated call finds what an earlier one started.
 * An override is registered in a family of its own, where nobody who deploys "the latest" of the service's family meets it.
 */
export async function deployKnownBad(
  target: EcsService,
  captured: Captured,
  knownBad: KnownBad,
  drillId: string,
): Promise<Deployment> {
  const earlier = await findKnownBad(target, captured, knownBad);
  if (earlier) return earlier;
  const bad = await definitionOf(target, captured, knownBad, drillId);
  const { cluster, service, clock } = target;
  await target.ecs.send(
    new UpdateServiceCommand({ cluster, service, taskDefinition: bad.taskDefinitionArn }),
  );
  const acceptedAt = iso(clock.now());
  return {
    ...(await deployed(target, bad.taskDefinitionArn ?? '', knownBad)),
    acceptedAt,
    source: 'orchestrator',
  };
}

export function deployCommand(
  { cluster, service }: EcsService,
  captured: Captured,
  knownBad: KnownBad,
): string {
  const taskDefinition =
    knownBad.kind === 'task-definition' ? knownBad.taskDefinition : knownBadFamily(captured);
  return `aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${taskDefinition}`;
}

/** The lock is held, and the family is for drills only: whatever is left in it is left over from one. */
export async function tidyUp({ ecs }: EcsService, { captured, knownBad }: TargetContext): Promise<void> {
  if (knownBad.kind !== 'override') return;
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: knownBadFamily(captured), status: 'ACTIVE' }),
  );
  for (const taskDefinition of taskDefinitionArns)
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}

export function differs(override: Override, healthy: TaskDefinition): boolean {
  const container = containerOf(override, healthy);
  return (
    container !== undefined && JSON.stringify(overridden(container, override)) !== JSON.stringify(container)
  );
}

export async function findKnownBad(
  target: EcsService,
  captured: Captured,
  knownBad: KnownBad,
): Promise<Deployment | undefined> {
  const service = await describe(target);
  const primary = service?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
  if (!isKnownBad(primary?.taskDefinition, { captured, knownBad, deployed: null, isAgain: false }))
    return undefined;
  const newest = await newestDeployment(target);
  const startedAt = newest?.createdAt ?? primary?.createdAt;
  const found = await deployed(target, primary?.taskDefinition ?? '', knownBad);
  return { ...found, acceptedAt: iso(startedAt?.getTime() ?? target.clock.now()), source: 'api' };
}

async function deployed(
  target: EcsService,
  taskDefinition: string,
  knownBad: KnownBad,
): Promise<Pick<Deployment, 'deployed'>> {
  const newest = await newestDeployment(target);
  return {
    deployed: {
      release: { taskDefinition, imageDigest: await imageDigest(target, newest?.targetServiceRevisionArn) },
      deployment: newest?.serviceDeploymentArn ?? '',
      registered: knownBad.kind === 'override' ? taskDefinition : null,
    },
  };
}

async function definitionOf(
  target: EcsService,
  captured: Captured,
  knownBad: KnownBad,
  drillId: string,
): Promise<TaskDefinition> {
  switch (knownBad.kind) {
    case 'override':
      return register(target, captured, knownBad, drillId);
    case 'task-definition':
      return find(target, knownBad.taskDefinition);
    case 'pipeline-execution':
      throw new Error(`${knownBad.release} needs a pipeline; the target is an ECS service`);
    default:
      return knownBad satisfies never;
  }
}

async function register(
  target: EcsService,
  captured: Captured,
  override: Override,
  drillId: string,
): Promise<TaskDefinition> {
  const healthy = await find(target, captured.lastHealthy.taskDefinition);
  const container = containerOf(override, healthy);
  const containerDefinitions = healthy.containerDefinitions?.map((definition) =>
    definition === container ? overridden(definition, override) : definition,
  );
  const { taskDefinition } = await target.ecs.send(
    new RegisterTaskDefinitionCommand({
      ...copied(healthy),
      family: knownBadFamily(captured),
      containerDefinitions,
      tags: [{ key: 'rollback-drill', value: drillId }],
    }),
  );
  return taskDefinition as TaskDefinition;
}

/** What a new revision takes over from the healthy one; the rest is set by ECS. */
function copied(healthy: TaskDefinition) {
  const {
    taskRoleArn,
    executionRoleArn,
    networkMode,
    volumes,
    placementConstraints,
    requiresCompatibilities,
    cpu,
    memory,
  } = healthy;
  const { pidMode, ipcMode, proxyConfiguration, ephemeralStorage, runtimePlatform } = healthy;
  const members = {
    taskRoleArn,
    executionRoleArn,
    networkMode,
    volumes,
    placementConstraints,
    requiresCompatibilities,
    cpu,
    memory,
  };
  const more = { pidMode, ipcMode, proxyConfiguration, ephemeralStorage, runtimePlatform };
  return Object.fromEntries(
    Object.entries({ ...members, ...more }).filter(([, value]) => value !== undefined),
  );
}

function overridden(
  container: ContainerDefinition,
  { image, environment, command }: Override,
): ContainerDefinition {
  const kept = (container.environment ?? []).filter(
    ({ name }) => !Object.hasOwn(environment ?? {}, name ?? ''),
  );
  const added = Object.entries(environment ?? {}).map(([name, value]) => ({ name, value }));
  return {
    ...container,
    ...(image === undefined ? {} : { image }),
    ...(command === undefined ? {} : { command: [...command] }),
    ...(environment === undefined ? {} : { environment: [...kept, ...added] }),
  };
}

function containerOf(
  { container }: Override,
  { containerDefinitions = [] }: TaskDefinition,
): ContainerDefinition | undefined {
  return container === undefined
    ? containerDefinitions[0]
    : containerDefinitions.find((definition) => definition.name === container);
}

async function find({ ecs }: EcsService, taskDefinition: string): Promise<TaskDefinition> {
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return described.taskDefinition as TaskDefinition;
}

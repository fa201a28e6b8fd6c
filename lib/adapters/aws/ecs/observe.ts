import {
  type Deployment,
  DescribeServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type Task,
} from '@aws-sdk/client-ecs';
import { iso } from '../../../drill/clock.ts';
import type { KnownBadDeployment, Steering, TargetState } from '../../../drill/target.ts';
import type { TargetContext } from '../../../ports/target.ts';
import { isKnownBad } from './identity.ts';
import { describe, newestDeployment } from './read.ts';
import type { EcsService } from './target.ts';
import { tasksOf } from './tasks.ts';

/** Reads what the service steers to, its newest deployment and the tasks at once, and puts them into the drill's words. */
export async function observe(target: EcsService, context: TargetContext): Promise<TargetState> {
  const [read, newest, tasks] = await Promise.all([
    readSteering(target, context),
    newestDeployment(target),
    knownBadTasks(target, context),
  ]);
  const { service, primary, steering } = read;
  const settled = isSettled(service, primary, newest);
  return {
    ...steering,
    observedAt: iso(target.clock.now()),
    settled,
    settledAt: settled ? isoOf(newest?.finishedAt ?? primary?.updatedAt) : null,
    ...fateOf(tasks),
    pipelineFailures: [],
  };
}

/** What has become of the tasks of the known-bad release. */
export function fateOf(
  tasks: readonly Task[],
): Pick<TargetState, 'knownBadTasksLeft' | 'lastKnownBadTaskStoppedAt' | 'knownBadTasksFailed'> {
  const stopped = tasks.map(({ stoppedAt }) => stoppedAt).toSorted(byTime);
  return {
    knownBadTasksLeft: tasks.filter((task) => task.lastStatus !== 'STOPPED').length,
    lastKnownBadTaskStoppedAt: isoOf(stopped.at(-1)),
    knownBadTasksFailed: tasks.filter(hasFailed).flatMap(({ stoppedAt, stopCode, stoppedReason = '' }) => {
      const at = isoOf(stoppedAt);
      return at === null ? [] : [{ at, reason: `${stopCode}: ${stoppedReason}` }];
    }),
  };
}

/** Two calls, side by side. */
export async function steering(target: EcsService, context: TargetContext): Promise<Steering> {
  return (await readSteering(target, context)).steering;
}

async function readSteering(target: EcsService, context: TargetContext) {
  const [service, bad] = await Promise.all([
    describe(target),
    describeDeployment(target, context.deployed?.deployment),
  ]);
  if (!service)
    throw new Error(`ECS does not tell of service ${target.service} in cluster ${target.cluster}`);
  const primary = primaryOf(service);
  const steering: Steering = {
    desired: desiredOf(primary, context),
    isDeploying: primary?.rolloutState === 'IN_PROGRESS',
    knownBadDeployment: bad ? knownBadDeployment(bad) : null,
    summary: `${target.cluster}/${target.service} steers to ${primary?.taskDefinition}: ${primary?.rolloutState}, known-bad deployment ${bad?.status ?? 'not known'}`,
  };
  return { service, primary, steering };
}

export function primaryOf({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}

const TERMINAL = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

const STATUS: Readonly<Record<string, KnownBadDeployment['status']>> = {
  PENDING: 'under-way',
  IN_PROGRESS: 'under-way',
  STOP_REQUESTED: 'under-way',
  STOPPED: 'stopped',
  ROLLBACK_REQUESTED: 'rolling-back',
  ROLLBACK_IN_PROGRESS: 'rolling-back',
  ROLLBACK_SUCCESSFUL: 'rolled-back',
  ROLLBACK_FAILED: 'rollback-failed',
  SUCCESSFUL: 'successful',
};

function desiredOf(primary: Deployment | undefined, context: TargetContext): TargetState['desired'] {
  if (primary?.taskDefinition === context.captured.lastHealthy.taskDefinition) return 'last-healthy';
  return isKnownBad(primary?.taskDefinition, context) ? 'known-bad' : 'other';
}

export function isSettled(
  service: Service,
  primary: Deployment | undefined,
  newest: ServiceDeploymentBrief | undefined,
): boolean {
  const complete = primary?.rolloutState === 'COMPLETED' && primary.runningCount === service.desiredCount;
  return complete && service.deployments?.length === 1 && (!newest || TERMINAL.has(newest.status ?? ''));
}

export function knownBadDeployment(deployment: ServiceDeployment): KnownBadDeployment {
  const {
    serviceDeploymentArn = '',
    status = '',
    statusReason = '',
    rollback,
    deploymentCircuitBreaker,
    alarms,
    startedAt,
    stoppedAt,
  } = deployment;
  const automatic = deploymentCircuitBreaker?.status === 'TRIGGERED' || alarms?.status === 'TRIGGERED';
  return {
    id: serviceDeploymentArn,
    status: STATUS[status] ?? 'under-way',
    statusReason,
    startedAt: isoOf(startedAt),
    failedAt: status === 'STOPPED' && automatic ? isoOf(stoppedAt) : null,
    rollback: rollback?.startedAt
      ? { startedAt: iso(rollback.startedAt.getTime()), reason: rollback.reason ?? '', automatic }
      : null,
  };
}

export async function describeDeployment(
  { ecs }: EcsService,
  arn: string | undefined,
): Promise<ServiceDeployment | undefined> {
  if (!arn) return undefined;
  const { serviceDeployments } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  );
  return serviceDeployments?.[0];
}

async function knownBadTasks(target: EcsService, context: TargetContext): Promise<readonly Task[]> {
  const tasks = await tasksOf(target);
  return tasks.filter((task) => isKnownBad(task.taskDefinitionArn, context));
}

/**
 * What ECS stopped for the sake of a deployment has not failed; what it stopped for its health has.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
function hasFailed({ stopCode, stoppedReason = '' }: Task): boolean {
  if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited') return true;
  return stopCode === 'ServiceSchedulerInitiated' && /health checks?/i.test(stoppedReason);
}

function byTime(a: Date | undefined, b: Date | undefined): number {
  return (a?.getTime() ?? 0) - (b?.getTime() ?? 0);
}

export function isoOf(date: Date | undefined): string | null {
  return date ? iso(date.getTime()) : null;
}

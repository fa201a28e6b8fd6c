/** What ECS remembers. All times are epoch milliseconds; the wire shapes are made elsewhere. */

import type { Image } from './data-plane.ts';
import type { ServiceInput } from './services/input.ts';
import type { TaskDefinitionInput } from './task-definitions/input.ts';

export interface State {
  /** By name. */
  readonly clusters: Record<string, ClusterRecord>;
  /** By ARN. */
  readonly taskDefinitions: Record<string, TaskDefinitionRecord>;
  /** The newest revision ever registered, by family. */
  readonly families: Record<string, number>;
  /** By ARN. */
  readonly services: Record<string, ServiceRecord>;
  /** By task id. */
  readonly tasks: Record<string, TaskRecord>;
  /** By the ARN of what is tagged. */
  readonly tags: Record<string, readonly Tag[]>;
}

export interface Tag {
  readonly key: string;
  readonly value?: string | undefined;
}

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly definition: TaskDefinitionInput;
  readonly registeredAt: number;
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt?: number;
}

export interface CircuitBreakerConfiguration {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
  readonly thresholdConfiguration: {
    readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT';
    readonly value: number;
  };
}

export interface DeploymentConfiguration {
  readonly strategy: 'ROLLING';
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
  readonly deploymentCircuitBreaker: CircuitBreakerConfiguration;
}

export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly createdAt: number;
  readonly input: ServiceInput;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  deploymentConfiguration: DeploymentConfiguration;
  healthCheckGracePeriodSeconds: number;
  /** All tasks healthy and nothing else running, for long enough. */
  steady: boolean;
  /** The newest first; the first one is PRIMARY. */
  rollouts: RolloutRecord[];
  /** By ARN. */
  readonly revisions: Record<string, RevisionRecord>;
  /** The newest first. */
  serviceDeployments: ServiceDeploymentRecord[];
  /** What a rollback returns to. */
  lastCompleted?: { readonly revisionArn: string; readonly deploymentId: string };
  events: { readonly id: string; readonly createdAt: number; readonly message: string }[];
}

/** An entry of `deployments[]` of DescribeServices (`ecs-svc/…`). A rollback is one of its own. */
export interface RolloutRecord {
  readonly id: string;
  readonly kind: 'forward' | 'rollback';
  readonly revisionArn: string;
  readonly serviceDeploymentArn: string;
  readonly createdAt: number;
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  /** Task failures since a task last became healthy. */
  failedTasks: number;
  /** Task failures as the circuit breaker counts them. */
  breakerFailures: number;
}

export interface RevisionRecord {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  readonly createdAt: number;
  /** Pinned as soon as the image could be resolved: a moved tag does not change what this revision runs. */
  image?: Image;
}

export type ServiceDeploymentStatus = (typeof SERVICE_DEPLOYMENT_STATUSES)[number];

export const SERVICE_DEPLOYMENT_STATUSES = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const;

export interface RevisionCounts {
  readonly requestedTaskCount: number;
  readonly runningTaskCount: number;
  readonly pendingTaskCount: number;
}

export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly createdAt: number;
  readonly sourceRevisionArns: readonly string[];
  readonly targetRevisionArn: string;
  readonly deploymentConfiguration: DeploymentConfiguration;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  startedAt?: number;
  finishedAt?: number;
  stoppedAt?: number;
  updatedAt: number;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly serviceRevisionArn: string };
  breaker: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
  breakerFailures: number;
  /** The counts by revision when it finished; until then they are counted. */
  finalCounts?: Record<string, RevisionCounts>;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type StopCode = 'EssentialContainerExited' | 'TaskFailedToStart' | 'ServiceSchedulerInitiated';

export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly containerArn: string;
  readonly cluster: string;
  readonly serviceArn: string;
  readonly serviceName: string;
  readonly rolloutId: string;
  readonly revisionArn: string;
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly launchType: string;
  readonly createdAt: number;
  /** It replaces a healthy one that a killed sandbox took with it, and counts as healthy until proven otherwise. */
  readonly standsForHealthy: boolean;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: 'unknown' | 'healthy' | 'unhealthy';
  /** Counts the changes of status, as on AWS. */
  version: number;
  everHealthy: boolean;
  imageDigest?: string;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  port?: number;
  pid?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  exitCode?: number;
  containerReason?: string;
}

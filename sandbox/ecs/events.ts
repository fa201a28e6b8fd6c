import type { ServiceEvent } from '../aws/events.ts';
import { clusterArn } from './identifiers.ts';
import type { RolloutRecord, ServiceRecord, State, TaskRecord } from './records.ts';
import { describeTask } from './tasks/describe.ts';
import { isoMilliseconds, isoSeconds } from './timestamps.ts';

const SOURCE = 'aws.ecs';

export type DeploymentEventName =
  | 'SERVICE_DEPLOYMENT_IN_PROGRESS'
  | 'SERVICE_DEPLOYMENT_COMPLETED'
  | 'SERVICE_DEPLOYMENT_FAILED';

/** As on AWS, the service is named in `resources` only. */
export function deploymentStateChange(
  service: ServiceRecord,
  rollout: RolloutRecord,
  eventName: DeploymentEventName,
): ServiceEvent {
  return {
    source: SOURCE,
    detailType: 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
      eventName,
      deploymentId: rollout.id,
      updatedAt: isoSeconds(rollout.updatedAt),
      reason: rollout.rolloutStateReason,
    },
  };
}

export interface ServiceActionDetail {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: 'SERVICE_STEADY_STATE' | 'SERVICE_TASK_START_IMPAIRED';
  readonly createdAtMs: number;
}

export function serviceAction(
  service: ServiceRecord,
  { eventType, eventName, createdAtMs }: ServiceActionDetail,
): ServiceEvent {
  return {
    source: SOURCE,
    detailType: 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType,
      eventName,
      clusterArn: clusterArn(service.cluster),
      createdAt: isoMilliseconds(createdAtMs),
    },
  };
}

export function taskStateChange(state: State, task: TaskRecord): ServiceEvent {
  return {
    source: SOURCE,
    detailType: 'ECS Task State Change',
    resources: [task.arn],
    detail: describeTask(state, task, isoMilliseconds),
  };
}

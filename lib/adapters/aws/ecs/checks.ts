import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import { type Check, judged } from '../../../drill/guardrails/check.ts';
import type { EcsService } from './target.ts';

export function exists({ cluster, service }: EcsService, found: Service | undefined): Check {
  return judged(
    'target-exists',
    found !== undefined,
    `service ${service} in cluster ${cluster} ${found ? 'is there' : 'is not there'}; the plan names it as its target`,
  );
}

export function active({ status }: Service): Check {
  return judged('target-active', status === 'ACTIVE', `status is ${status}; ACTIVE is allowed`);
}

export function staffed({ desiredCount = 0 }: Service): Check {
  return judged(
    'target-has-tasks',
    desiredCount > 0,
    `desired count is ${desiredCount}; at least 1 is allowed`,
  );
}

export function quiet({ deployments = [], runningCount = 0, desiredCount = 0 }: Service): Check {
  const [primary] = deployments;
  const still =
    deployments.length === 1 && primary?.rolloutState !== 'IN_PROGRESS' && runningCount === desiredCount;
  const found = `${deployments.length} deployments, the newest ${primary?.rolloutState ?? 'without a state'}, ${runningCount} of ${desiredCount} tasks running`;
  return judged(
    'no-deployment-under-way',
    still && primary?.rolloutState !== 'FAILED',
    `${found}; allowed is 1 that is COMPLETED with all tasks running`,
  );
}

export function wayBack(healthy: TaskDefinition | undefined): Check {
  const found = `task definition ${healthy?.taskDefinitionArn ?? 'of the running service'} is ${healthy?.status ?? 'not there'}`;
  return judged(
    'legal-way-back',
    healthy?.status === 'ACTIVE',
    `${found}; it must be ACTIVE to be deployed again`,
  );
}

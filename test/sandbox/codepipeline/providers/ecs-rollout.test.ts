import type { Deployment } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { judge } from '../../../../sandbox/codepipeline/providers/ecs-rollout.ts';

const primary = (
  id: string,
  rolloutState: Deployment['rolloutState'],
  rolloutStateReason = '',
): Deployment => ({
  id,
  status: 'PRIMARY',
  rolloutState,
  rolloutStateReason,
});
const left = (id: string, rolloutState: Deployment['rolloutState'], rolloutStateReason = ''): Deployment => ({
  ...primary(id, rolloutState, rolloutStateReason),
  status: 'ACTIVE',
});
const BACK = 'ECS deployment stopped: rolling back to deploymentId ecs-svc/1.';

test.each<[string, readonly Deployment[], string]>([
  [
    'failed, and nothing came after it',
    [primary('ecs-svc/2', 'FAILED', 'circuit breaker')],
    'The deployment ecs-svc/2 failed: circuit breaker',
  ],
  [
    'failed, and is rolled back',
    [primary('ecs-svc/3', 'IN_PROGRESS', BACK), left('ecs-svc/2', 'FAILED', 'circuit breaker')],
    'The deployment ecs-svc/2 failed: circuit breaker',
  ],
  [
    'was stopped, and is rolled back',
    [primary('ecs-svc/3', 'IN_PROGRESS', BACK), left('ecs-svc/2', 'IN_PROGRESS')],
    `The deployment ecs-svc/2 was replaced by ecs-svc/3 (${BACK}) before it was complete.`,
  ],
  [
    'is gone, and what came after it is complete',
    [primary('ecs-svc/3', 'COMPLETED', 'ECS deployment ecs-svc/3 completed.')],
    'The deployment ecs-svc/2 was replaced by ecs-svc/3 (ECS deployment ecs-svc/3 completed.) before it was complete.',
  ],
  [
    'is not told of any more',
    [],
    'The deployment ecs-svc/2 was replaced by another one before it was complete.',
  ],
])('a deployment that %s does not count as released', (_what, deployments, reason) => {
  expect(judge(deployments, 'ecs-svc/2')).toEqual({ kind: 'failed', reason });
});

test('a deployment is over only when it is complete, and not while tasks of an older one are left', () => {
  const older = left('ecs-svc/1', 'COMPLETED');
  expect(judge([primary('ecs-svc/2', 'IN_PROGRESS'), older], 'ecs-svc/2')).toBeUndefined();
  expect(judge([primary('ecs-svc/2', 'COMPLETED')], 'ecs-svc/2')).toEqual({ kind: 'completed' });
});

import type { Service } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { pathFingerprint } from '../../../../../lib/adapters/aws/ecs/path-fingerprint.ts';

const SERVICE: Service = {
  taskDefinition: 'shop:4',
  desiredCount: 2,
  runningCount: 2,
  createdAt: new Date(0),
  deploymentConfiguration: {
    deploymentCircuitBreaker: { enable: true, rollback: false },
    maximumPercent: 200,
  },
  loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 }],
};

test('what is deployed, and how many of it, is no other rollback path', () => {
  const deployed = { ...SERVICE, taskDefinition: 'shop:5', desiredCount: 9, runningCount: 1, events: [] };
  expect(pathFingerprint(deployed)).toBe(pathFingerprint(SERVICE));
});

test('the order in which ECS tells its members does not matter', () => {
  const turned = Object.fromEntries(Object.entries(SERVICE).toReversed());
  expect(pathFingerprint(turned)).toBe(pathFingerprint(SERVICE));
});

test.each<[string, Partial<Service>]>([
  [
    'a circuit breaker',
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
  ],
  ['a target group', { loadBalancers: [{ targetGroupArn: 'arn:other' }] }],
  ['a grace period', { healthCheckGracePeriodSeconds: 60 }],
])('%s that was changed is another rollback path', (_, change) => {
  expect(pathFingerprint({ ...SERVICE, ...change })).not.toBe(pathFingerprint(SERVICE));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failuresAfterHealthyTask, failureThreshold, trips } from '../../../sandbox/ecs/circuit-breaker.ts';
import type { CircuitBreakerConfiguration } from '../../../sandbox/ecs/records.ts';

const breaker = (
  type: CircuitBreakerConfiguration['thresholdConfiguration']['type'],
  value: number,
): CircuitBreakerConfiguration => ({
  enable: true,
  rollback: true,
  resetOnHealthyTask: true,
  thresholdConfiguration: { type, value },
});

test.each([
  ['BOUNDED_PERCENT', 50, 1, 3],
  ['BOUNDED_PERCENT', 50, 25, 13],
  ['BOUNDED_PERCENT', 50, 1_000, 200],
  ['UNBOUNDED_PERCENT', 50, 3, 2],
  ['UNBOUNDED_PERCENT', 200, 200, 400],
  ['UNBOUNDED_PERCENT', 50, 0, 1],
  ['COUNT', 7, 1_000, 7],
] as const)('%s of %i for %i tasks is a threshold of %i failures', (type, value, desiredCount, threshold) => {
  expect(failureThreshold(breaker(type, value), desiredCount)).toBe(threshold);
});

test('it trips at its threshold and not before, and never when it is off', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), fc.boolean(), (desiredCount, failures, enable) => {
      const configuration = { ...breaker('BOUNDED_PERCENT', 50), enable };
      const expected = enable && failures >= failureThreshold(configuration, desiredCount);
      expect(trips(configuration, failures, desiredCount)).toBe(expected);
    }),
  );
});

test('a healthy task clears the count only if it shall', () => {
  expect(failuresAfterHealthyTask(breaker('COUNT', 3), 2)).toBe(0);
  expect(failuresAfterHealthyTask({ ...breaker('COUNT', 3), resetOnHealthyTask: false }, 2)).toBe(2);
});

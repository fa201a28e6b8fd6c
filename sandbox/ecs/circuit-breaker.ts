import type { CircuitBreakerConfiguration } from './records.ts';

const LOWEST_BOUNDED = 3;
const HIGHEST_BOUNDED = 200;

/** After how many task failures the circuit breaker triggers, for the service's latest desired count. */
export function failureThreshold(
  { thresholdConfiguration: { type, value } }: CircuitBreakerConfiguration,
  desiredCount: number,
): number {
  const share = Math.ceil((value * desiredCount) / 100);
  switch (type) {
    case 'COUNT':
      return value;
    case 'UNBOUNDED_PERCENT':
      // A service of no tasks has no failures; with 0 the breaker would trigger on none.
      return Math.max(1, share);
    case 'BOUNDED_PERCENT':
      return Math.min(HIGHEST_BOUNDED, Math.max(LOWEST_BOUNDED, share));
  }
}

export function trips(
  configuration: CircuitBreakerConfiguration,
  failureCount: number,
  desiredCount: number,
): boolean {
  return configuration.enable && failureCount >= failureThreshold(configuration, desiredCount);
}

/** What is left of the failure count when a task becomes healthy. */
export function failuresAfterHealthyTask(
  { resetOnHealthyTask }: CircuitBreakerConfiguration,
  failureCount: number,
): number {
  return resetOnHealthyTask ? 0 : failureCount;
}

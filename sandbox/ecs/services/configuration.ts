import { invalidParameter } from '../errors.ts';
import type { DeploymentConfiguration } from '../records.ts';
import type { DeploymentConfigurationInput } from './input.ts';

/** What AWS assumes for a rolling update. */
const DEFAULTS: DeploymentConfiguration = {
  strategy: 'ROLLING',
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  deploymentCircuitBreaker: {
    enable: false,
    rollback: false,
    resetOnHealthyTask: true,
    thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
  },
};

/** Members that are not given stay as they are; a circuit breaker is replaced as a whole. */
export function configured(
  changes: DeploymentConfigurationInput = {},
  current: DeploymentConfiguration = DEFAULTS,
): DeploymentConfiguration {
  const { deploymentCircuitBreaker: breaker } = changes;
  const configuration: DeploymentConfiguration = {
    strategy: 'ROLLING',
    maximumPercent: changes.maximumPercent ?? current.maximumPercent,
    minimumHealthyPercent: changes.minimumHealthyPercent ?? current.minimumHealthyPercent,
    deploymentCircuitBreaker: breaker
      ? {
          enable: breaker.enable,
          rollback: breaker.rollback,
          resetOnHealthyTask: breaker.resetOnHealthyTask ?? true,
          thresholdConfiguration:
            breaker.thresholdConfiguration ?? DEFAULTS.deploymentCircuitBreaker.thresholdConfiguration,
        }
      : current.deploymentCircuitBreaker,
  };
  refuseStandstill(configuration);
  return configuration;
}

function refuseStandstill({ maximumPercent, minimumHealthyPercent }: DeploymentConfiguration): void {
  if (maximumPercent > 100 || minimumHealthyPercent < 100) return;
  throw invalidParameter(
    'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
  );
}

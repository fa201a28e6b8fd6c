import type { Service } from '@aws-sdk/client-ecs';
import { digestOf } from '../../../drill/digest.ts';

/**
 * A digest of what a rollback of the service depends on: how it deploys, on what it runs, and who sends it traffic. What is
 * deployed, and how many of it, is not part of it.
 */
export function pathFingerprint(service: Service): string {
  const { deploymentConfiguration, deploymentController, loadBalancers, serviceRegistries } = service;
  const { schedulingStrategy, launchType, capacityProviderStrategy, platformVersion } = service;
  const { networkConfiguration, healthCheckGracePeriodSeconds, availabilityZoneRebalancing } = service;
  // The SDK's answers may hold what JSON does not carry; what is left out here is the same both times.
  const plain: unknown = JSON.parse(
    JSON.stringify({
      deploymentConfiguration,
      deploymentController,
      loadBalancers,
      serviceRegistries,
      schedulingStrategy,
      launchType,
      capacityProviderStrategy,
      platformVersion,
      networkConfiguration,
      healthCheckGracePeriodSeconds,
      availabilityZoneRebalancing,
    }),
  );
  return digestOf(plain);
}

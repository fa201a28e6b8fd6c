import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Longer than the function may run. */
const ANSWERED_WITHIN = Duration.minutes(20);

/**
 * Goes before all else in the scope, and only when no drill is open: with the rest goes whatever would restore a target. What
 * is added to the scope afterwards is not guarded.
 */
export function removalGuard(
  scope: Construct,
  { guard, ownsSafetySwitch }: { readonly guard: IFunction; readonly ownsSafetySwitch: boolean },
): void {
  const guarded = [...scope.node.children];
  new CustomResource(scope, 'RemovalGuard', {
    resourceType: 'Custom::RollbackDrillsRemovalGuard',
    serviceToken: guard.functionArn,
    serviceTimeout: ANSWERED_WITHIN,
    properties: { OwnsSafetySwitch: String(ownsSafetySwitch) },
  }).node.addDependency(...guarded);
}

import { type IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** The switch that blocks new drills and stops running ones: one that is there already, or a new one that is off. */
export function safetySwitchParameter(scope: Construct, named?: string): IStringParameter {
  const existing: unknown = named ?? scope.node.tryGetContext('safetySwitch');
  if (typeof existing === 'string' && existing !== '')
    return StringParameter.fromStringParameterName(scope, 'SafetySwitch', existing);
  return new StringParameter(scope, 'SafetySwitch', {
    parameterName: '/rollback-drills/safety-switch',
    description: 'off lets rollback drills run; on, or on: REASON, blocks new drills and stops running ones',
    stringValue: 'off',
  });
}

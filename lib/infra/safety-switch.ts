import { type IStringParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/**
 * The switch that blocks new drills and stops running ones. The stack makes one that is off, unless the context
 * `safetySwitch` names one that is there already, for example that of another stack in the account.
 */
export function safetySwitchParameter(scope: Construct): IStringParameter {
  const existing: unknown = scope.node.tryGetContext('safetySwitch');
  if (typeof existing === 'string' && existing !== '')
    return StringParameter.fromStringParameterName(scope, 'SafetySwitch', existing);
  return new StringParameter(scope, 'SafetySwitch', {
    parameterName: '/rollback-drills/safety-switch',
    description: 'off lets rollback drills run; on, or on: REASON, blocks new drills and stops running ones',
    stringValue: 'off',
  });
}

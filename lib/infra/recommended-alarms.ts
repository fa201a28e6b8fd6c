import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { recommendedAlarms } from '../drill/recommended-alarms.ts';
import type { DeployablePlan } from './plans.ts';

/**
 * The alarms that plans recommend for their load balancers. CloudFormation has the names of PutMetricAlarm, so that what is
 * deployed here is what the sandbox is given. Answers their names.
 */
export function recommendedAlarmsOf(scope: Construct, plans: readonly DeployablePlan[]): readonly string[] {
  const alarms = new Construct(scope, 'RecommendedAlarms');
  const made = plans.flatMap(recommendedAlarms);
  for (const properties of made)
    new CfnResource(alarms, properties.AlarmName, { type: 'AWS::CloudWatch::Alarm', properties });
  return made.map(({ AlarmName }) => AlarmName);
}

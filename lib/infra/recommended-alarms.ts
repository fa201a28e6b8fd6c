import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { recommendedAlarms } from '../drill/recommended-alarms.ts';
import type { DeployablePlan } from './plans.ts';

/**
 * The alarms that plans recommend for their load balancers. CloudFormation has the names of PutMetricAlarm, so that what is
 * deployed here is what the sandbox is given.
 */
export function alarmsOfPlans(scope: Construct, plans: readonly DeployablePlan[]): void {
  const alarms = new Construct(scope, 'RecommendedAlarms');
  for (const properties of plans.flatMap(recommendedAlarms))
    new CfnResource(alarms, properties.AlarmName, { type: 'AWS::CloudWatch::Alarm', properties });
}

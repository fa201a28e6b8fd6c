import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { functionArnOf } from './names.ts';

/** With it the scheduler wakes the watchdog at a drill's deadline, and can do nothing else. */
export function schedulerRole(scope: Construct): Role {
  const role = new Role(scope, 'SchedulerRole', { assumedBy: scheduler(scope) });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [functionArnOf(scope, 'Watchdog')],
    }),
  );
  return role;
}

/** EventBridge Scheduler, for schedules of this account only. */
export function scheduler(scope: Construct): ServicePrincipal {
  return new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

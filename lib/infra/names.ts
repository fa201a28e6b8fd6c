import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionName, WARM_FUNCTIONS } from './functions.ts';

/*
 * State machines invoke functions, and functions stop, start and answer state machines. Names that are known beforehand let
 * each side be allowed exactly the other one without a circle.
 */

export type MachineName = 'drill' | 'witness';

export function functionNameOf(scope: Construct, name: FunctionName): string {
  return `${Stack.of(scope).stackName}-${name}`;
}

export function functionArnOf(scope: Construct, name: FunctionName): string {
  return arnOf(scope, 'lambda', 'function', functionNameOf(scope, name));
}

export function warmFunctionArns(scope: Construct): readonly string[] {
  return WARM_FUNCTIONS.map((name) => functionArnOf(scope, name));
}

export function machineNameOf(scope: Construct, name: MachineName): string {
  return `${Stack.of(scope).stackName}-${name}`;
}

export function machineArnOf(scope: Construct, name: MachineName): string {
  return arnOf(scope, 'states', 'stateMachine', machineNameOf(scope, name));
}

export function executionArnsOf(scope: Construct, name: MachineName): string {
  return arnOf(scope, 'states', 'execution', `${machineNameOf(scope, name)}:*`);
}

/** All schedules of the stack; with it goes what drills have left in it. */
export function scheduleGroupOf(scope: Construct): string {
  return Stack.of(scope).stackName;
}

/** The one-time schedules that wake the watchdog; their names are given by the adapter of the deadline. */
export function deadlineArns(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule',
    resourceName: `${scheduleGroupOf(scope)}/rollback-drill-*`,
  });
}

function arnOf(scope: Construct, service: string, resource: string, resourceName: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat });
}

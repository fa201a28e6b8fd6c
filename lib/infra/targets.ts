import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EcsPlan } from './plans.ts';

/** What the plans may touch, as ARNs. Empty lists when no plan is deployed. */
export interface TargetArns {
  readonly services: readonly string[];
  readonly serviceDeployments: readonly string[];
  readonly serviceRevisions: readonly string[];
  readonly clusters: readonly string[];
  readonly tasks: readonly string[];
  /** What tasks call their service: `service:NAME`, no ARNs. Only of services whose failed tasks a trigger counts. */
  readonly taskGroups: readonly string[];
  /** The families of overrides, whose names end in `-known-bad`; empty when no plan has an override. */
  readonly overrides: readonly string[];
  /** The alarms that triggers name. */
  readonly alarms: readonly string[];
}

export function targetArns(scope: Construct, plans: readonly EcsPlan[]): TargetArns {
  const ecs = (resource: string, name: string): string =>
    Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName: name });
  const services = distinct(plans.map(({ target }) => `${target.cluster}/${target.service}`));
  const clusters = distinct(plans.map(({ target }) => target.cluster));
  return {
    services: services.map((service) => ecs('service', service)),
    serviceDeployments: services.map((service) => ecs('service-deployment', `${service}/*`)),
    serviceRevisions: services.map((service) => ecs('service-revision', `${service}/*`)),
    clusters: clusters.map((cluster) => ecs('cluster', cluster)),
    tasks: clusters.map((cluster) => ecs('task', `${cluster}/*`)),
    taskGroups: distinct(plans.filter(countsTasks).map(({ target }) => `service:${target.service}`)),
    overrides: plans.some(hasOverride) ? [ecs('task-definition', '*-known-bad:*')] : [],
    alarms: distinct(plans.flatMap(alarmsOf)).map((name) => alarmArn(scope, name)),
  };
}

function hasOverride({ knownBad }: EcsPlan): boolean {
  return Object.values(knownBad.releases).some(({ kind }) => kind === 'override');
}

function countsTasks({ triggers }: EcsPlan): boolean {
  return triggers.some(({ condition }) => condition.kind === 'tasks-failed');
}

function alarmsOf({ triggers }: EcsPlan): readonly string[] {
  return triggers.flatMap(({ condition }) => (condition.kind === 'alarm' ? [condition.alarm] : []));
}

function alarmArn(scope: Construct, resourceName: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

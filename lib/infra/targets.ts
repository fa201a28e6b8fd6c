import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { namesAction } from '../drill/plan/pipeline-failure.ts';
import type { DeployablePlan } from './plans.ts';

/** What the plans may touch, as ARNs. Empty lists when no plan is deployed. */
export interface TargetArns {
  /** Those behind pipelines, too. */
  readonly services: readonly string[];
  /** Those that the known-bad release is deployed to without a pipeline. */
  readonly directServices: readonly string[];
  readonly serviceDeployments: readonly string[];
  readonly serviceRevisions: readonly string[];
  readonly clusters: readonly string[];
  readonly tasks: readonly string[];
  /** What tasks call their service: `service:NAME`, no ARNs. Only of services whose failed tasks a trigger counts. */
  readonly taskGroups: readonly string[];
  /** The families of overrides, whose names end in `-known-bad`; empty when no plan has an override. */
  readonly overrides: readonly string[];
  readonly pipelines: PipelineArns;
  /** The alarms that triggers name. */
  readonly alarms: readonly string[];
}

export interface PipelineArns {
  readonly all: readonly string[];
  /** Those of which a trigger names an action. */
  readonly ofActions: readonly string[];
  /** The stages that are rolled back. */
  readonly deployStages: readonly string[];
  /** The stages into which drills disable the transition. */
  readonly keptStages: readonly string[];
  /** The services that they deploy to. */
  readonly services: readonly string[];
}

export function targetArns(scope: Construct, plans: readonly DeployablePlan[]): TargetArns {
  const ecs = (resource: string, name: string): string =>
    Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName: name });
  const services = servicesOf(plans);
  const clusters = distinct(plans.map((plan) => serviceOf(plan).cluster));
  const direct = servicesOf(plans.filter(({ target }) => target.kind === 'ecs'));
  return {
    services: services.map((service) => ecs('service', service)),
    directServices: direct.map((service) => ecs('service', service)),
    serviceDeployments: services.map((service) => ecs('service-deployment', `${service}/*`)),
    serviceRevisions: services.map((service) => ecs('service-revision', `${service}/*`)),
    clusters: clusters.map((cluster) => ecs('cluster', cluster)),
    tasks: clusters.map((cluster) => ecs('task', `${cluster}/*`)),
    taskGroups: distinct(plans.filter(countsTasks).map((plan) => `service:${serviceOf(plan).service}`)),
    overrides: plans.some(hasOverride) ? [ecs('task-definition', '*-known-bad:*')] : [],
    pipelines: pipelineArns(scope, plans),
    alarms: distinct(plans.flatMap(alarmsOf)).map((name) => alarmArn(scope, name)),
  };
}

/** A stage is a resource of its pipeline. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html */
function pipelineArns(scope: Construct, plans: readonly DeployablePlan[]): PipelineArns {
  const arnOf = (resource: string): string =>
    Stack.of(scope).formatArn({ service: 'codepipeline', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const through = plans.filter(({ target }) => target.kind === 'codepipeline');
  const targets = through.flatMap(pipelineOf);
  const stages = targets.map(({ pipeline, stage }) => `${pipeline}/${stage}`);
  const kept = targets.flatMap(({ pipeline, disableTransitions }) =>
    disableTransitions.map((stage) => `${pipeline}/${stage}`),
  );
  return {
    all: distinct(targets.map(({ pipeline }) => pipeline)).map(arnOf),
    ofActions: distinct(
      through
        .filter(looksAtActions)
        .flatMap(pipelineOf)
        .map(({ pipeline }) => pipeline),
    ).map(arnOf),
    deployStages: distinct(stages).map(arnOf),
    keptStages: distinct(kept).map(arnOf),
    services: servicesOf(through).map((name) =>
      Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName: name }),
    ),
  };
}

function pipelineOf({ target }: DeployablePlan) {
  return target.kind === 'codepipeline' ? [target] : [];
}

function looksAtActions({ triggers }: DeployablePlan): boolean {
  return triggers.some(namesAction);
}

function servicesOf(plans: readonly DeployablePlan[]): readonly string[] {
  return distinct(plans.map(serviceOf).map(({ cluster, service }) => `${cluster}/${service}`));
}

export function serviceOf({ target }: DeployablePlan): {
  readonly cluster: string;
  readonly service: string;
} {
  return target.kind === 'ecs' ? target : target.ecs;
}

function hasOverride({ knownBad }: DeployablePlan): boolean {
  return Object.values(knownBad.releases).some(({ kind }) => kind === 'override');
}

function countsTasks({ triggers }: DeployablePlan): boolean {
  return triggers.some(({ condition }) => condition.kind === 'tasks-failed');
}

function alarmsOf({ triggers }: DeployablePlan): readonly string[] {
  return triggers.flatMap(({ condition }) => (condition.kind === 'alarm' ? [condition.alarm] : []));
}

export function alarmArn(scope: Construct, resourceName: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

import type { Operation } from '../../aws/protocol.ts';
import { findCluster } from '../clusters.ts';
import { invalidParameter } from '../errors.ts';
import { serviceArn } from '../identifiers.ts';
import { parse } from '../input.ts';
import type { Plane } from '../plane.ts';
import type { ServiceRecord, TaskDefinitionRecord } from '../records.ts';
import { announceDeployment, beginDeployment } from '../rollouts/forward.ts';
import { containerOf, deployableTaskDefinition } from '../task-definitions/find.ts';
import { configured } from './configuration.ts';
import { describeService } from './describe.ts';
import { createService, type ServiceInput } from './input.ts';

export function createOperation(plane: Plane): Operation {
  return (raw) => {
    const input = parse(createService, raw);
    const cluster = findCluster(plane.state, input.cluster);
    const arn = serviceArn(cluster.name, input.serviceName);
    const existing = plane.state.services[arn];
    if (existing && isSameRequest(existing, input))
      return { service: describeService(plane.state, existing) };
    if (existing) refuseExisting(existing);
    const taskDefinition = deployableTaskDefinition(plane.state, input.taskDefinition);
    refuseWrongLoadBalancer(plane, input, taskDefinition);

    const service = newService(plane, cluster.name, arn, input);
    plane.state.services[arn] = service;
    plane.state.tags[arn] = input.tags ?? [];
    const rollout = beginDeployment(plane, service, taskDefinition);
    plane.flush();
    announceDeployment(plane, service, rollout);
    return { service: describeService(plane.state, service) };
  };
}

function newService(plane: Plane, cluster: string, arn: string, input: ServiceInput): ServiceRecord {
  return {
    arn,
    name: input.serviceName,
    cluster,
    createdAt: plane.now(),
    input,
    status: 'ACTIVE',
    desiredCount: input.desiredCount,
    deploymentConfiguration: configured(input.deploymentConfiguration),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    steady: false,
    rollouts: [],
    revisions: {},
    serviceDeployments: [],
    events: [],
  };
}

function isSameRequest(existing: ServiceRecord, { clientToken }: ServiceInput): boolean {
  return (
    existing.status === 'ACTIVE' && clientToken !== undefined && existing.input.clientToken === clientToken
  );
}

function refuseExisting({ status }: ServiceRecord): void {
  if (status === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  if (status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
}

function refuseWrongLoadBalancer(
  plane: Plane,
  input: ServiceInput,
  taskDefinition: TaskDefinitionRecord,
): void {
  const loadBalancer = input.loadBalancers?.[0];
  if (!loadBalancer) return;
  const { targetGroupArn, containerName, containerPort } = loadBalancer;
  if (!plane.loadBalancers.targetGroup(targetGroupArn))
    throw invalidParameter(`The target group with targetGroupArn ${targetGroupArn} does not exist.`);
  refuseMissingPort(taskDefinition, containerName, containerPort);
}

/** Also for what a service with a load balancer is updated to. */
export function refuseMissingPort(
  taskDefinition: TaskDefinitionRecord,
  containerName: string,
  containerPort: number,
): void {
  const { name, portMappings = [] } = containerOf(taskDefinition);
  if (name !== containerName)
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  if (!portMappings.some((mapping) => mapping.containerPort === containerPort))
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort} defined.`,
    );
}

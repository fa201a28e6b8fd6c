import type { JsonObject, Operation } from '../../aws/protocol.ts';
import { unsupported } from '../errors.ts';
import { parse } from '../input.ts';
import type { Plane } from '../plane.ts';
import type { ServiceRecord, TaskDefinitionRecord } from '../records.ts';
import { announceDeployment, beginDeployment } from '../rollouts/forward.ts';
import { tellRollback } from '../rollouts/rollback.ts';
import { deployableTaskDefinition } from '../task-definitions/find.ts';
import { configured } from './configuration.ts';
import { refuseMissingPort } from './create.ts';
import { describeService } from './describe.ts';
import { findActiveService, primaryOf, revisionOf, serviceDeploymentOf } from './find.ts';
import { updateService } from './input.ts';

/** What starts a deployment on AWS and cannot be changed in the sandbox. */
const FIXED = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
];

export function updateOperation(plane: Plane): Operation {
  return (raw) => {
    refuseFixed(raw);
    const input = parse(updateService, raw);
    const service = findActiveService(plane.state, input.cluster, input.service);
    const running = currentTaskDefinition(plane, service);
    const wanted =
      input.taskDefinition === undefined
        ? running
        : deployableUnlessCurrent(plane, service, input.taskDefinition, running);
    const deploymentConfiguration = configured(
      input.deploymentConfiguration,
      service.deploymentConfiguration,
    );

    service.deploymentConfiguration = deploymentConfiguration;
    service.desiredCount = input.desiredCount ?? service.desiredCount;
    service.healthCheckGracePeriodSeconds =
      input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
    if (wanted.arn !== running.arn || input.forceNewDeployment) deploy(plane, service, wanted, running);
    plane.changed();
    plane.wake(service.arn);
    return { service: describeService(plane.state, service) };
  };
}

function refuseFixed(input: JsonObject): void {
  const fixed = FIXED.find((name) => input[name] !== undefined);
  if (!fixed) return;
  const allowed = 'taskDefinition and forceNewDeployment';
  throw unsupported(
    `The sandbox cannot change '${fixed}' of a service; new deployments are started by ${allowed}.`,
  );
}

function deploy(
  plane: Plane,
  service: ServiceRecord,
  wanted: TaskDefinitionRecord,
  running: TaskDefinitionRecord,
): void {
  const isReturn = goesBack(service, wanted, running);
  const rollout = beginDeployment(plane, service, wanted);
  plane.flush();
  const serviceDeployment = serviceDeploymentOf(service, rollout);
  if (isReturn && serviceDeployment) tellRollback(plane, 'call', serviceDeployment.arn);
  announceDeployment(plane, service, rollout);
}

function currentTaskDefinition(plane: Plane, service: ServiceRecord): TaskDefinitionRecord {
  const { taskDefinitionArn } = revisionOf(service, primaryOf(service));
  return plane.state.taskDefinitions[taskDefinitionArn] as TaskDefinitionRecord;
}

function deployableUnlessCurrent(
  plane: Plane,
  service: ServiceRecord,
  reference: string,
  running: TaskDefinitionRecord,
): TaskDefinitionRecord {
  const wanted = deployableTaskDefinition(plane.state, reference);
  const loadBalancer = service.input.loadBalancers?.[0];
  if (loadBalancer && wanted !== running)
    refuseMissingPort(wanted, loadBalancer.containerName, loadBalancer.containerPort);
  return wanted;
}

/**
 * An update to what the service had before, and what is older than what it has, is a rollback. Of another family there is no older,
 * so having been there before is enough.
 */
function goesBack(
  service: ServiceRecord,
  wanted: TaskDefinitionRecord,
  running: TaskDefinitionRecord,
): boolean {
  const wasThere = Object.values(service.revisions).some(
    (revision) => revision.taskDefinitionArn === wanted.arn,
  );
  if (!wasThere || wanted.arn === running.arn) return false;
  return wanted.family !== running.family || wanted.revision < running.revision;
}

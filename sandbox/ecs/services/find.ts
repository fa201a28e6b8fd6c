import { findCluster } from '../clusters.ts';
import { serviceNotActive, serviceNotFound } from '../errors.ts';
import { nameOf, serviceArn } from '../identifiers.ts';
import type {
  RevisionRecord,
  RolloutRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  State,
} from '../records.ts';

/** By name or ARN. Throws `ClusterNotFoundException`. */
export function lookUpService(
  state: State,
  cluster: string | undefined,
  reference: string,
): ServiceRecord | undefined {
  const arn = serviceArn(findCluster(state, cluster).name, nameOf(reference));
  const found = state.services[arn];
  return found && (reference === found.name || reference === found.arn) ? found : undefined;
}

/** Throws `ServiceNotFoundException` as well. */
export function findService(state: State, cluster: string | undefined, reference: string): ServiceRecord {
  const found = lookUpService(state, cluster, reference);
  if (!found) throw serviceNotFound();
  return found;
}

/** Throws `ServiceNotActiveException` as well. */
export function findActiveService(
  state: State,
  cluster: string | undefined,
  reference: string,
): ServiceRecord {
  const found = findService(state, cluster, reference);
  if (found.status !== 'ACTIVE') throw serviceNotActive();
  return found;
}

export function primaryOf(service: ServiceRecord): RolloutRecord {
  return service.rollouts[0] as RolloutRecord;
}

export function revisionOf(service: ServiceRecord, { revisionArn }: { revisionArn: string }): RevisionRecord {
  return service.revisions[revisionArn] as RevisionRecord;
}

/** The service deployment that a rollout belongs to. */
export function serviceDeploymentOf(
  service: ServiceRecord,
  { serviceDeploymentArn }: RolloutRecord,
): ServiceDeploymentRecord | undefined {
  return service.serviceDeployments.find(({ arn }) => arn === serviceDeploymentArn);
}

import type { RevisionRecord, ServiceDeploymentRecord, ServiceRecord, State } from '../records.ts';

/** As on AWS, the history of a service goes with it. */
function remembered(state: State): ServiceRecord[] {
  return Object.values(state.services).filter(({ status }) => status !== 'INACTIVE');
}

export function findServiceDeployment(
  state: State,
  arn: string,
): { readonly service: ServiceRecord; readonly deployment: ServiceDeploymentRecord } | undefined {
  for (const service of remembered(state)) {
    const deployment = service.serviceDeployments.find((candidate) => candidate.arn === arn);
    if (deployment) return { service, deployment };
  }
  return undefined;
}

export function findServiceRevision(
  state: State,
  arn: string,
): { readonly service: ServiceRecord; readonly revision: RevisionRecord } | undefined {
  for (const service of remembered(state)) {
    const revision = service.revisions[arn];
    if (revision) return { service, revision };
  }
  return undefined;
}

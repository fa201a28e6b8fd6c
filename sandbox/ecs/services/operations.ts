import type { JsonObject, Operation } from '../../aws/protocol.ts';
import { findCluster } from '../clusters.ts';
import { invalidParameter } from '../errors.ts';
import { nameOf, serviceArn } from '../identifiers.ts';
import { parse } from '../input.ts';
import { page } from '../paging.ts';
import type { Plane } from '../plane.ts';
import { createOperation } from './create.ts';
import { describeService } from './describe.ts';
import { findService, lookUpService } from './find.ts';
import { deleteService, describeServices, listServices } from './input.ts';
import { updateOperation } from './update.ts';

const PAGE_SIZE = 10;

export function serviceOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  return {
    CreateService: createOperation(plane),
    UpdateService: updateOperation(plane),
    DescribeServices: (input) => describeAll(plane, input),

    /** The tasks are stopped; the service is DRAINING until they are gone, then INACTIVE. */
    DeleteService(input) {
      const { cluster, service: reference, force = false } = parse(deleteService, input);
      const service = findService(state, cluster, reference);
      if (service.status === 'ACTIVE') {
        if (service.desiredCount > 0 && !force)
          throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
        service.status = 'DRAINING';
        service.desiredCount = 0;
        plane.changed();
        plane.wake(service.arn);
      }
      return { service: describeService(state, service) };
    },

    ListServices(input) {
      const { cluster, launchType, schedulingStrategy: _, ...request } = parse(listServices, input);
      const { name } = findCluster(state, cluster);
      const matching = Object.values(state.services)
        .filter((service) => service.cluster === name && service.status !== 'INACTIVE')
        .filter((service) => !launchType || (service.input.launchType ?? 'FARGATE') === launchType)
        .map(({ arn }) => arn)
        .sort();
      const { items, nextToken } = page(matching, String, request, PAGE_SIZE);
      return { serviceArns: items, nextToken };
    },
  };
}

function describeAll({ state }: Plane, input: JsonObject) {
  const { cluster, services: references, include = [] } = parse(describeServices, input);
  const { name } = findCluster(state, cluster);
  const found = references.flatMap((reference) => lookUpService(state, cluster, reference) ?? []);
  const missing = references.filter((reference) => !lookUpService(state, cluster, reference));
  return {
    services: found.map((service) => ({
      ...describeService(state, service),
      ...(include.length ? { tags: state.tags[service.arn] ?? [] } : {}),
    })),
    failures: missing.map((reference) => ({ arn: serviceArn(name, nameOf(reference)), reason: 'MISSING' })),
  };
}

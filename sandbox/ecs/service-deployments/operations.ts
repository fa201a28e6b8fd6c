import type { JsonObject, Operation } from '../../aws/protocol.ts';
import { parse } from '../input.ts';
import { page } from '../paging.ts';
import type { Plane } from '../plane.ts';
import { findService } from '../services/find.ts';
import { epochSeconds } from '../timestamps.ts';
import { briefly, describeServiceDeployment, describeServiceRevision } from './describe.ts';
import { findServiceDeployment, findServiceRevision } from './find.ts';
import { describeServiceDeployments, describeServiceRevisions, listServiceDeployments } from './input.ts';
import { stopOperation } from './stop.ts';

const PAGE_SIZE = 20;

export function serviceDeploymentOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  return {
    ListServiceDeployments: (input) => list(plane, input),

    DescribeServiceDeployments(input) {
      const { serviceDeploymentArns } = parse(describeServiceDeployments, input);
      const found = serviceDeploymentArns.flatMap((arn) => findServiceDeployment(state, arn) ?? []);
      const missing = serviceDeploymentArns.filter((arn) => !findServiceDeployment(state, arn));
      return {
        serviceDeployments: found.map(({ service, deployment }) =>
          describeServiceDeployment(state, service, deployment),
        ),
        failures: missing.map(asMissing),
      };
    },

    DescribeServiceRevisions(input) {
      const { serviceRevisionArns } = parse(describeServiceRevisions, input);
      const found = serviceRevisionArns.flatMap((arn) => findServiceRevision(state, arn) ?? []);
      const missing = serviceRevisionArns.filter((arn) => !findServiceRevision(state, arn));
      return {
        serviceRevisions: found.map(({ service, revision }) =>
          describeServiceRevision(state, service, revision),
        ),
        failures: missing.map(asMissing),
      };
    },

    StopServiceDeployment: stopOperation(plane),
  };
}

function list({ state }: Plane, input: JsonObject) {
  const {
    service: reference,
    cluster,
    status = [],
    createdAt = {},
    ...request
  } = parse(listServiceDeployments, input);
  const service = findService(state, cluster, reference);
  const { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY } = createdAt;
  const matching = (service.status === 'INACTIVE' ? [] : service.serviceDeployments)
    .filter((deployment) => status.length === 0 || status.includes(deployment.status))
    .filter(({ createdAt: ms }) => epochSeconds(ms) >= after && epochSeconds(ms) <= before);
  const { items, nextToken } = page(matching, ({ arn }) => arn, request, PAGE_SIZE);
  return { serviceDeployments: items.map((deployment) => briefly(service, deployment)), nextToken };
}

const asMissing = (arn: string) => ({ arn, reason: 'MISSING' });

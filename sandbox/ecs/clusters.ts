import * as v from 'valibot';
import { listOf, members, oneOf, text } from '../aws/input.ts';
import type { Operation } from '../aws/protocol.ts';
import { clusterNotFound } from './errors.ts';
import { clusterArn, nameOf } from './identifiers.ts';
import { name, parse, tags } from './input.ts';
import type { Plane } from './plane.ts';
import type { ClusterRecord, State } from './records.ts';
import { isPending, isRunning } from './tasks/counts.ts';

const DEFAULT = 'default';

const createInput = members({ clusterName: v.optional(name), tags: v.optional(tags) });
const describeInput = members({
  clusters: v.optional(listOf(text, 100)),
  include: v.optional(listOf(oneOf(['TAGS']), 1)),
});

export function clusterOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  return {
    /** As on AWS, creating a cluster that is there already answers with it. */
    CreateCluster(input) {
      const { clusterName = DEFAULT, tags = [] } = parse(createInput, input);
      const arn = clusterArn(clusterName);
      if (!state.clusters[clusterName]) {
        state.clusters[clusterName] = { name: clusterName, arn };
        state.tags[arn] = tags;
        plane.changed();
      }
      return { cluster: { ...describe(state, { name: clusterName, arn }), tags: state.tags[arn] } };
    },

    DescribeClusters(input) {
      const { clusters = [DEFAULT], include = [] } = parse(describeInput, input);
      const found = clusters.flatMap((reference) => lookUp(state, reference) ?? []);
      const missing = clusters.filter((reference) => !lookUp(state, reference));
      return {
        clusters: found.map((cluster) => ({
          ...describe(state, cluster),
          tags: include.length ? (state.tags[cluster.arn] ?? []) : [],
        })),
        failures: missing.map((reference) => ({ arn: clusterArn(nameOf(reference)), reason: 'MISSING' })),
      };
    },
  };
}

/** By name or ARN. Throws `ClusterNotFoundException`. */
export function findCluster(state: State, reference = DEFAULT): ClusterRecord {
  const found = lookUp(state, reference);
  if (!found) throw clusterNotFound();
  return found;
}

function lookUp(state: State, reference: string): ClusterRecord | undefined {
  const cluster = state.clusters[nameOf(reference)];
  return cluster && (reference === cluster.name || reference === cluster.arn) ? cluster : undefined;
}

function describe(state: State, { name, arn }: ClusterRecord) {
  const tasks = Object.values(state.tasks).filter(({ cluster }) => cluster === name);
  const services = Object.values(state.services).filter(({ cluster }) => cluster === name);
  return {
    clusterArn: arn,
    clusterName: name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}

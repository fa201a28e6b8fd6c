import * as v from 'valibot';
import { listOf, members, oneOf, text } from '../../aws/input.ts';
import type { Operation } from '../../aws/protocol.ts';
import { findCluster } from '../clusters.ts';
import { invalidParameter } from '../errors.ts';
import { nameOf, taskArn } from '../identifiers.ts';
import { paging, parse } from '../input.ts';
import { page } from '../paging.ts';
import type { Plane } from '../plane.ts';
import type { TaskRecord } from '../records.ts';
import { findService } from '../services/find.ts';
import { epochSeconds } from '../timestamps.ts';
import { describeTask } from './describe.ts';

const PAGE_SIZE = 100;

const listInput = members({
  cluster: v.optional(text),
  serviceName: v.optional(text),
  family: v.optional(text),
  startedBy: v.optional(text),
  desiredStatus: v.optional(oneOf(['RUNNING', 'PENDING', 'STOPPED'])),
  launchType: v.optional(oneOf(['FARGATE', 'EC2'])),
  ...paging(PAGE_SIZE),
});

const describeInput = members({
  cluster: v.optional(text),
  tasks: listOf(text, 100, 1),
  include: v.optional(listOf(oneOf(['TAGS']), 1)),
});

type ListInput = v.InferOutput<typeof listInput>;

export function taskOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  return {
    ListTasks(raw) {
      const input = parse(listInput, raw);
      const { name } = findCluster(state, input.cluster);
      if (input.startedBy !== undefined && (input.serviceName ?? input.family) !== undefined)
        throw invalidParameter('When startedBy is specified, it must be the only filter.');
      const service =
        input.serviceName === undefined ? undefined : findService(state, input.cluster, input.serviceName);
      const matching = Object.values(state.tasks)
        .filter((task) => task.cluster === name && (!service || task.serviceArn === service.arn))
        .filter((task) => matches(task, input))
        .sort((one, other) => one.createdAt - other.createdAt || one.id.localeCompare(other.id));
      const { items, nextToken } = page(matching, ({ id }) => id, input, PAGE_SIZE);
      return { taskArns: items.map(({ arn }) => arn), nextToken };
    },

    DescribeTasks(raw) {
      const { cluster, tasks: references, include = [] } = parse(describeInput, raw);
      const { name } = findCluster(state, cluster);
      const lookUp = (reference: string): TaskRecord | undefined => {
        const task = state.tasks[nameOf(reference)];
        return task?.cluster === name && (reference === task.id || reference === task.arn) ? task : undefined;
      };
      const missing = references.filter((reference) => !lookUp(reference));
      return {
        tasks: references
          .flatMap((reference) => lookUp(reference) ?? [])
          .map((task) => ({
            ...describeTask(state, task, epochSeconds),
            ...(include.length ? { tags: [] } : {}),
          })),
        failures: missing.map((reference) => ({ arn: taskArn(name, nameOf(reference)), reason: 'MISSING' })),
      };
    },
  };
}

/** As on AWS, no task ever has the desired status PENDING. */
function matches(task: TaskRecord, { desiredStatus = 'RUNNING', family, startedBy, launchType }: ListInput) {
  return (
    task.desiredStatus === desiredStatus &&
    (family === undefined || task.family === family) &&
    (startedBy === undefined || task.rolloutId === startedBy) &&
    (launchType === undefined || task.launchType === launchType)
  );
}

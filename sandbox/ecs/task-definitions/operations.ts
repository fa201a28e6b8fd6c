import * as v from 'valibot';
import { members, oneOf, text } from '../../aws/input.ts';
import type { Operation } from '../../aws/protocol.ts';
import { taskDefinitionArn } from '../identifiers.ts';
import { includeTags, paging, parse } from '../input.ts';
import { page } from '../paging.ts';
import type { Plane } from '../plane.ts';
import type { TaskDefinitionRecord } from '../records.ts';
import { epochSeconds, times } from '../timestamps.ts';
import { deployableTaskDefinition, findTaskDefinition } from './find.ts';
import { registerTaskDefinition } from './input.ts';

const PAGE_SIZE = 100;
const STATUSES = ['ACTIVE', 'INACTIVE'] as const;

const describeInput = members({ taskDefinition: text, include: includeTags });
const deregisterInput = members({ taskDefinition: text });
const listInput = members({
  familyPrefix: v.optional(text),
  status: v.optional(oneOf(STATUSES)),
  sort: v.optional(oneOf(['ASC', 'DESC'])),
  ...paging(PAGE_SIZE),
});
const familiesInput = members({
  familyPrefix: v.optional(text),
  status: v.optional(oneOf([...STATUSES, 'ALL'])),
  ...paging(PAGE_SIZE),
});

export function taskDefinitionOperations(plane: Plane): Record<string, Operation> {
  const { state } = plane;
  const all = () => Object.values(state.taskDefinitions);
  return {
    RegisterTaskDefinition(input) {
      const { tags = [], ...definition } = parse(registerTaskDefinition, input);
      const { family } = definition;
      const revision = (state.families[family] ?? 0) + 1;
      const arn = taskDefinitionArn(family, revision);
      const record: TaskDefinitionRecord = {
        arn,
        family,
        revision,
        definition,
        registeredAt: plane.now(),
        status: 'ACTIVE',
      };
      state.families[family] = revision;
      state.taskDefinitions[arn] = record;
      state.tags[arn] = tags;
      plane.changed();
      return { taskDefinition: describe(record), tags };
    },

    DescribeTaskDefinition(input) {
      const { taskDefinition, include } = parse(describeInput, input);
      const record = findTaskDefinition(state, taskDefinition);
      const tags = include?.length ? { tags: state.tags[record.arn] ?? [] } : {};
      return { taskDefinition: describe(record), ...tags };
    },

    /** What already runs it goes on. */
    DeregisterTaskDefinition(input) {
      const record = deployableTaskDefinition(state, parse(deregisterInput, input).taskDefinition);
      record.status = 'INACTIVE';
      record.deregisteredAt = plane.now();
      plane.changed();
      return { taskDefinition: describe(record) };
    },

    ListTaskDefinitions(input) {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC', ...request } = parse(listInput, input);
      const matching = all()
        .filter((record) => record.status === status && record.family === (familyPrefix ?? record.family))
        .sort(byFamilyAndRevision)
        .map(({ arn }) => arn);
      if (sort === 'DESC') matching.reverse();
      const { items, nextToken } = page(matching, String, request, PAGE_SIZE);
      return { taskDefinitionArns: items, nextToken };
    },

    ListTaskDefinitionFamilies(input) {
      const { familyPrefix = '', status = 'ALL', ...request } = parse(familiesInput, input);
      const active = new Set(all().flatMap((record) => (record.status === 'ACTIVE' ? [record.family] : [])));
      const matching = Object.keys(state.families)
        .filter((family) => family.startsWith(familyPrefix))
        .filter((family) => status === 'ALL' || active.has(family) === (status === 'ACTIVE'))
        .sort();
      const { items, nextToken } = page(matching, String, request, PAGE_SIZE);
      return { families: items, nextToken };
    },
  };
}

function describe({ arn, revision, status, definition, registeredAt, deregisteredAt }: TaskDefinitionRecord) {
  const containerDefinitions = definition.containerDefinitions.map((container) => ({
    cpu: 0,
    environment: [],
    mountPoints: [],
    portMappings: [],
    volumesFrom: [],
    ...container,
    essential: true,
  }));
  return {
    volumes: [],
    placementConstraints: [],
    compatibilities: definition.requiresCompatibilities ?? ['EC2', 'FARGATE'],
    ...definition,
    containerDefinitions,
    taskDefinitionArn: arn,
    revision,
    status,
    ...times({ registeredAt, deregisteredAt }, epochSeconds),
  };
}

function byFamilyAndRevision(one: TaskDefinitionRecord, other: TaskDefinitionRecord): number {
  return one.family.localeCompare(other.family) || one.revision - other.revision;
}

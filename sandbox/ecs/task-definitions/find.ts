import { ACCOUNT, REGION } from '../../aws/account.ts';
import { clientError } from '../errors.ts';
import { taskDefinitionArn } from '../identifiers.ts';
import type { State, TaskDefinitionRecord } from '../records.ts';
import type { ContainerDefinition } from './input.ts';

const ARN_PREFIX = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/`;

/** By ARN, `family:revision`, or `family` for its latest ACTIVE revision. Throws `ClientException`. */
export function findTaskDefinition(state: State, reference: string): TaskDefinitionRecord {
  const found = byArn(state, reference) ?? byRevision(state, reference) ?? latestActive(state, reference);
  if (!found) throw clientError('Unable to describe task definition.');
  return found;
}

/** What a new deployment may run. Throws `ClientException` when it is not there or INACTIVE. */
export function deployableTaskDefinition(state: State, reference: string): TaskDefinitionRecord {
  const found = findTaskDefinition(state, reference);
  if (found.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  return found;
}

export function containerOf(taskDefinition: TaskDefinitionRecord): ContainerDefinition {
  return taskDefinition.definition.containerDefinitions[0] as ContainerDefinition;
}

/** Newest last. */
function revisionsOf(state: State, family: string): TaskDefinitionRecord[] {
  return Object.values(state.taskDefinitions)
    .filter((record) => record.family === family)
    .sort((one, other) => one.revision - other.revision);
}

function byArn(state: State, reference: string): TaskDefinitionRecord | undefined {
  return reference.startsWith(ARN_PREFIX) && reference.includes(':', ARN_PREFIX.length)
    ? state.taskDefinitions[reference]
    : undefined;
}

function byRevision(state: State, reference: string): TaskDefinitionRecord | undefined {
  const [family = '', revision] = reference.split(':');
  return revision === undefined
    ? undefined
    : state.taskDefinitions[taskDefinitionArn(family, Number(revision))];
}

function latestActive(state: State, reference: string): TaskDefinitionRecord | undefined {
  const family = reference.startsWith(ARN_PREFIX) ? reference.slice(ARN_PREFIX.length) : reference;
  return revisionsOf(state, family).findLast(({ status }) => status === 'ACTIVE');
}

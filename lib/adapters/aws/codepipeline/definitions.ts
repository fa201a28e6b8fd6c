import type { ECSClient, TaskDefinition } from '@aws-sdk/client-ecs';
import { taskDefinition } from '../ecs/read.ts';
import type { EcsService } from '../ecs/target.ts';

/** What ECS adds when a task definition is registered, and whoever registered it. */
const ADDED = [
  'compatibilities',
  'deregisteredAt',
  'registeredAt',
  'registeredBy',
  'requiresAttributes',
  'revision',
  'status',
  'taskDefinitionArn',
] as const satisfies readonly (keyof TaskDefinition)[];

/** Whether they release the same: every execution of a pipeline registers a task definition of its own. */
export function sameContent(a: TaskDefinition, b: TaskDefinition): boolean {
  return contentOf(a) === contentOf(b);
}

/** Task definitions never change but for their status, and are read on the way from trigger to rollback call. */
const known = new WeakMap<ECSClient, Map<string, TaskDefinition>>();
const MOST_KNOWN = 1_000;

/** `undefined` when ECS does not tell it. Its status may be an old one. */
export async function definitionOf(service: EcsService, arn: string): Promise<TaskDefinition | undefined> {
  const ofClient = known.get(service.ecs) ?? new Map<string, TaskDefinition>();
  known.set(service.ecs, ofClient);
  const before = ofClient.get(arn);
  if (before) return before;
  const found = await taskDefinition(service, arn);
  if (ofClient.size >= MOST_KNOWN) ofClient.clear();
  if (found) ofClient.set(arn, found);
  return found;
}

function contentOf(definition: TaskDefinition): string {
  const content = Object.entries(definition).filter(
    ([member]) => !(ADDED as readonly string[]).includes(member),
  );
  return JSON.stringify(inOrder(Object.fromEntries(content)));
}

/** Members, and what has names, in the order of their names: ECS promises none. What is empty counts as left out. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder).toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(
    members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, inOrder(inner)]),
  );
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('name' in value)) return '';
  return String(value.name);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

import type { Image, TaskSpecification } from '../data-plane.ts';
import type { Plane } from '../plane.ts';
import type { RevisionRecord, TaskDefinitionRecord } from '../records.ts';
import { containerOf } from '../task-definitions/find.ts';

/**
 * What the revision pinned, however its tag moved meanwhile. An image whose tag and digest are both gone cannot be pulled.
 * A registry that does not keep old digests gets what the revision remembers of them.
 */
export function pull(plane: Plane, revision: RevisionRecord, reference: string): Image | undefined {
  const pinned = revision.image;
  const byDigest = pinned && plane.images.resolve(`${repositoryOf(reference)}@${pinned.digest}`);
  if (byDigest) return byDigest;
  const byTag = plane.images.resolve(reference);
  if (!byTag) return undefined;
  revision.image ??= byTag;
  plane.changed();
  // Where databases and queues are is told by the sandbox that is up, not by the one that pinned the image.
  return { ...revision.image, environment: byTag.environment };
}

/**
 * Of the environments, the container's wins. The image's command counts as its ENTRYPOINT: `command` of the container follows it as its
 * arguments, `entryPoint` replaces it.
 */
export function specification(
  taskId: string,
  image: Image,
  taskDefinition: TaskDefinitionRecord,
  secrets: Readonly<Record<string, string>>,
): TaskSpecification {
  const { entryPoint, command = [], environment = [] } = containerOf(taskDefinition);
  const own = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
  return {
    taskId,
    command: [...(entryPoint?.length ? entryPoint : image.command), ...command],
    environment: { ...image.environment, ...own, ...secrets },
  };
}

/** What the container asks for in `secrets`, by variable; or the first that is not there: ECS then does not start the task. */
export function secretsOf(
  plane: Plane,
  taskDefinition: TaskDefinitionRecord,
): { readonly values: Readonly<Record<string, string>> } | { readonly missing: string } {
  const asked = containerOf(taskDefinition).secrets ?? [];
  const found = asked.map(({ name, valueFrom }) => [name, plane.secrets(valueFrom), valueFrom] as const);
  const missing = found.find(([, value]) => value === undefined)?.[2];
  if (missing !== undefined) return { missing };
  return { values: Object.fromEntries(found.map(([name, value = '']) => [name, value])) };
}

function repositoryOf(reference: string): string {
  const name = reference.split('@')[0] ?? '';
  return name.replace(/:[^:/]*$/, '');
}

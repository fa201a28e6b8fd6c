import type { Captured } from '../../../drill/entry.ts';
import type { TargetContext } from '../../../ports/target.ts';

export function isKnownBad(
  taskDefinition: string | undefined,
  { captured, knownBad, deployed }: TargetContext,
): boolean {
  if (!taskDefinition) return false;
  if (deployed) return taskDefinition === deployed.release.taskDefinition;
  if (knownBad.kind === 'pipeline-execution') return false;
  if (knownBad.kind === 'override') return familyOf(taskDefinition) === knownBadFamily(captured);
  return taskDefinition === knownBad.taskDefinition || taskDefinition.endsWith(`/${knownBad.taskDefinition}`);
}

/** Overrides are registered in a family of their own, where nobody who deploys "the latest" of the service's family meets them. */
export function knownBadFamily(captured: Captured): string {
  return `${familyOf(captured.lastHealthy.taskDefinition)}-known-bad`;
}

/** `arn:aws:ecs:R:A:task-definition/FAMILY:REVISION` → `FAMILY`. */
function familyOf(taskDefinitionArn: string): string {
  return (taskDefinitionArn.split('/').at(-1) ?? '').split(':')[0] ?? '';
}

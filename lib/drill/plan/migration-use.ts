import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import type { Finding } from './place.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What a migration, and whether there is one, cannot be together with. */
export const CONTRADICTIONS_OF_MIGRATIONS: readonly Rule[] = [
  undoneWhereMigrated,
  replicasChecked,
  networkOfTask,
  commandOfContainer,
  silentConnection,
];

/** A connection on which nothing moves for longer may be cut on its way. */
const LONGEST_INVOCATION_MS = 300_000;

function undoneWhereMigrated(draft: Draft): Finding[] {
  const { classification } = draft;
  if (classification === undefined) return [];
  const given = Object.hasOwn(draft, 'migration');
  if (classification === 'migration' && !given) {
    const message =
      'is missing: a plan of the classification migration says how its database gets back. Give migration: {undo: {lambda: {function}}} or {undo: {ecsTask: {cluster, taskDefinition}}}.';
    return [{ path: ['migration'], message }];
  }
  if (classification === 'migration' || !given) return [];
  const message = `is for plans of the classification migration; received it for ${classification}. Say classification: migration, or remove it.`;
  return [{ path: ['migration'], message }];
}

/** A replica that does not follow the undo is what a rollback of code alone never shows. */
function replicasChecked({ classification, validations }: Draft): Finding[] {
  if (classification !== 'migration' || validations === undefined) return [];
  const kinds: readonly (string | undefined)[] = validations.map((validation) => validation?.kind);
  if (kinds.includes(undefined)) return [];
  if (validations.some((validation) => isReplicaCheck(validation) && validation?.required !== false))
    return [];
  const received = kinds.length === 0 ? 'none' : kinds.join(', ');
  const message = `must have a required one of kind replica-schema, because the classification is migration; received ${received}. Add it.`;
  return [{ path: ['validations'], message }];
}

function isReplicaCheck(validation: { readonly kind?: string | undefined } | undefined): boolean {
  return validation?.kind === 'replica-schema';
}

function networkOfTask({ migration }: Draft): Finding[] {
  const task = ecsTaskOf(migration);
  if (!task || !Object.hasOwn(task, 'securityGroups') || Object.hasOwn(task, 'subnets')) return [];
  const message = 'needs subnets: without them the task has no network of its own. Add them, or remove this.';
  return [{ path: ['migration', 'undo', 'ecsTask', 'securityGroups'], message }];
}

function commandOfContainer({ migration }: Draft): Finding[] {
  const task = ecsTaskOf(migration);
  if (!task || !Object.hasOwn(task, 'command') || Object.hasOwn(task, 'container')) return [];
  const message = 'needs container, the name of the container that runs it. Add it.';
  return [{ path: ['migration', 'undo', 'ecsTask', 'command'], message }];
}

function silentConnection({ migration }: Draft): Finding[] {
  const { undo, within } = migration ?? {};
  if (!undo || !('lambda' in undo) || within === undefined || within <= LONGEST_INVOCATION_MS) return [];
  const most = formatDuration(LONGEST_INVOCATION_MS);
  const message = `must be at most ${most} for a Lambda function, whose answer is waited for on one connection; received ${formatDuration(within)}. Shorten it, or use an ecsTask.`;
  return [{ path: ['migration', 'within'], message }];
}

function ecsTaskOf(migration: Draft['migration']) {
  const undo = migration?.undo;
  return undo && 'ecsTask' in undo ? undo.ecsTask : undefined;
}

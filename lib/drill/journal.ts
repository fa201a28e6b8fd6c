import { type MarkName, timeOf } from './clock.ts';
import type { Entry, EntryKind, EntryOf } from './entry.ts';
import type { Release } from './release.ts';
import type { Validated } from './validation.ts';
import type { Baseline } from './witness/baseline.ts';

export function entriesOf<K extends EntryKind>(journal: readonly Entry[], kind: K): readonly EntryOf<K>[] {
  return journal.filter((entry): entry is EntryOf<K> => entry.kind === kind);
}

export function lastOf<K extends EntryKind>(journal: readonly Entry[], kind: K): EntryOf<K> | undefined {
  return entriesOf(journal, kind).at(-1);
}

/** The last healthy release: what the control plane ran and the witness found to answer in the steady state. */
export function lastHealthyOf(journal: readonly Entry[]): Release | null {
  const captured = lastOf(journal, 'captured');
  const steady = lastOf(journal, 'steady-state');
  return captured && steady ? { release: steady.release, ...captured.lastHealthy } : null;
}

/** What users met before the known-bad release; `null` until it was measured. */
export function baselineFrom(journal: readonly Entry[]): Baseline | null {
  return lastOf(journal, 'steady-state')?.baseline ?? null;
}

/** The newest entry counts, as on the receipt. Epoch milliseconds; `null` when the mark is not set. */
export function markTime(journal: readonly Entry[], mark: MarkName): number | null {
  const entry = entriesOf(journal, 'mark').findLast((candidate) => candidate.mark === mark);
  return entry ? timeOf(entry) : null;
}

/** What the validation of this name measured before the known-bad release; `undefined` when it did not. */
export function beforeOf(journal: readonly Entry[], validation: string): unknown {
  return entriesOf(journal, 'before').find((entry) => entry.validation === validation)?.found;
}

/** How often a rollback has been started or adopted: each has its own waits. */
export function rollbacksOf(journal: readonly Entry[]): number {
  return entriesOf(journal, 'path').filter(
    (entry) => entry.result === 'accepted' || entry.result === 'adopted',
  ).length;
}

/** What was recorded since a restoration was last voided: proof from before it proves nothing any more. */
export function sinceVoided(journal: readonly Entry[]): readonly Entry[] {
  return journal.slice(journal.findLastIndex((entry) => entry.kind === 'restored-voided') + 1);
}

/** Validations that were run on the restoration that stands. */
export function standingValidations(journal: readonly Entry[]): readonly Validated[] {
  return entriesOf(sinceVoided(journal), 'validation').map((entry) => entry.validated);
}

/**
 * The last call on the target that was announced and whose own answer is not recorded: it may have taken effect, and may
 * still. The undo of a migration is none of them: it is made again under the same name, and has its effect once.
 */
export function unansweredCall(journal: readonly Entry[]): EntryOf<'call'> | undefined {
  return entriesOf(journal, 'call').findLast(
    (call) =>
      !call.state.startsWith('UndoMigration/') &&
      !journal.slice(journal.indexOf(call)).some((entry) => answers(entry, call)),
  );
}

function answers(entry: Entry, call: EntryOf<'call'>): boolean {
  if (entry.kind === 'known-bad-deployed') return call.state === 'DeployKnownBad';
  return entry.kind === 'path' && call.state === `RollBack/${entry.path}`;
}

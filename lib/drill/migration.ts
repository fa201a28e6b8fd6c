import type { Entry, EntryOf } from './entry.ts';
import type { Gap } from './gap.ts';
import { entriesOf, lastOf, rollbacksOf } from './journal.ts';

/** What came of the undo of a migration, for one rollback. */
export interface MigrationUndone {
  /** Which rollback of the drill it belongs to, from 1. */
  readonly round: number;
  readonly result: 'undone' | 'failed';
  readonly reason: string;
  readonly at: string;
}

/** What the receipt says of the migration: the undo that belongs to the last rollback. */
export interface MigrationOfReceipt {
  readonly round: number;
  /** `not-ended`: nobody knows that it came to an end. */
  readonly result: MigrationUndone['result'] | 'not-ended' | 'not-needed';
  readonly reason: string;
  readonly at: string | null;
}

interface MigrationPlan {
  readonly migration?: { readonly when: 'before-rollback' | 'after-rollback' };
}

/** The round to whose undo the next rollback call belongs; `null` when that call does not wait for one. */
export function roundBeforeCall({ migration }: MigrationPlan, journal: readonly Entry[]): number | null {
  const round = rollbacksOf(journal) + 1;
  return migration?.when === 'before-rollback' && !undoneIn(journal, round) ? round : null;
}

/** The round whose rollback is under way, or done, and whose undo has not ended; `null` when there is nothing to undo. */
export function roundLeft({ migration }: MigrationPlan, journal: readonly Entry[]): number | null {
  const round = rollbacksOf(journal);
  return migration && isNeeded(journal) && !undoneIn(journal, round) ? round : null;
}

export function undoneIn(journal: readonly Entry[], round: number): EntryOf<'migration-undone'> | undefined {
  return entriesOf(journal, 'migration-undone').find((entry) => entry.round === round);
}

/** `undefined` for a plan without a migration. */
export function migrationFrom(
  journal: readonly Entry[],
  { migration }: MigrationPlan,
): MigrationOfReceipt | undefined {
  if (!migration) return undefined;
  const round = rollbacksOf(journal);
  if (!isNeeded(journal))
    return { round, result: 'not-needed', reason: 'the known-bad release was not deployed', at: null };
  const ended = undoneIn(journal, round);
  if (!ended) return { round, result: 'not-ended', reason: 'its undo is not known to have ended', at: null };
  const { result, reason, at } = ended;
  return { round, result, reason, at };
}

/** Every undo that failed, and the one that is missing. */
export function gapsOfMigration(
  journal: readonly Entry[],
  migration: MigrationOfReceipt | undefined,
): readonly Gap[] {
  const failed = entriesOf(journal, 'migration-undone').filter(({ result }) => result === 'failed');
  const missing = migration?.result === 'not-ended' ? [migration] : [];
  return [...failed, ...missing].map(({ round, reason }) => ({
    code: 'migration-undo-failed',
    severity: 'serious',
    message: 'the migration of the known-bad release was not undone: the database is not as before',
    evidence: `rollback ${round}: ${reason}`,
  }));
}

function isNeeded(journal: readonly Entry[]): boolean {
  return rollbacksOf(journal) > 0 || lastOf(journal, 'known-bad-deployed') !== undefined;
}

import { iso } from '../drill/clock.ts';
import type { EntryOf } from '../drill/entry.ts';
import { rollbacksOf } from '../drill/journal.ts';
import { type MigrationUndone, roundLeft, undoneIn } from '../drill/migration.ts';
import { formatDuration } from '../drill/plan/duration.ts';
import type { Plan } from '../drill/plan/plan.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { UndoRun } from '../ports/target.ts';
import type { Decision, StepInput } from './input.ts';
import { limited } from './limited.ts';
import { type Page, page } from './page.ts';
import { patiently } from './patiently.ts';
import { recordingBriefly } from './recording-briefly.ts';
import { arrive } from './step.ts';

export type UndoPorts = Pick<Ports, 'announcer' | 'clock' | 'journal' | 'migrations'>;

type Migration = NonNullable<Plan['migration']>;

/**
 * Undoes the migration of the known-bad release: before the rollback call where the plan wants it so, else beside the
 * restoration. Whatever comes of it, the code is restored.
 */
export async function undoMigration(ports: UndoPorts, input: StepInput): Promise<Decision> {
  const { drill: found, entries } = await arrive(ports, 'UndoMigration', input);
  await recordingBriefly(ports).journal.append(found, entries);
  const drill = { ...found, journal: [...found.journal, ...entries] };
  const isFirst = input.previous.kind === 'undo-first';
  const after = isFirst
    ? await undoRound(ports, drill, rollbacksOf(drill.journal) + 1)
    : await undoAfterCall(ports, drill);
  const round = rollbacksOf(after.journal) + (isFirst ? 1 : 0);
  const reason = undoneIn(after.journal, round)?.reason ?? 'there is nothing to undo';
  return { kind: isFirst ? 'roll-back' : 'rolling-back', reason };
}

/** What is left to undo once the rollback was called. A person is told of an undo that failed, also of one before the call. */
export async function undoAfterCall(ports: UndoPorts, drill: Drill): Promise<Drill> {
  const left = roundLeft(drill.plan, drill.journal);
  const after = left === null ? drill : await undoRound(ports, drill, left);
  const ended = undoneIn(after.journal, rollbacksOf(after.journal));
  if (ended?.result === 'failed') await page(ports, after, notUndonePage(ports, after, ended));
  return after;
}

/** Once for each rollback of the drill: one that has ended is not run again. */
export async function undoRound(ports: UndoPorts, drill: Drill, round: number): Promise<Drill> {
  const { migration } = drill.plan;
  if (!migration || undoneIn(drill.journal, round)) return drill;
  const run = { drillId: drill.opened.drillId, round };
  const state = `UndoMigration/${round}`;
  const call: EntryOf<'call'> = {
    kind: 'call',
    key: `call/${state}`,
    state,
    command: ports.migrations.undoCommand(migration.undo, run),
    at: iso(ports.clock.now()),
  };
  await recordingBriefly(ports).journal.append(drill, [call]);
  const came = await undone(ports, migration, run);
  const ended: EntryOf<'migration-undone'> = {
    kind: 'migration-undone',
    key: `migration-undone/${round}`,
    round,
    ...came,
    at: iso(ports.clock.now()),
  };
  await ports.journal.append(drill, [ended]);
  return { ...drill, journal: [...drill.journal, call, ended] };
}

/** With the exact command, for whoever knows whether it may be run again. */
export function notUndonePage(
  { migrations }: Pick<UndoPorts, 'migrations'>,
  { opened: { drillId, target }, plan }: Drill,
  { round, reason }: Pick<MigrationUndone, 'round' | 'reason'>,
): Page {
  const command = plan.migration && migrations.undoCommand(plan.migration.undo, { drillId, round });
  const message = [
    `Drill ${drillId} rolls ${target} back, and the migration of the known-bad release is not undone: ${reason}.`,
    'Look at the database, and undo it by hand:',
    command ?? '',
  ].join('\n');
  return { key: `paged/migration-undo/${round}`, subject: `MIGRATION NOT UNDONE: ${target}`, message };
}

const PAUSES_MS = [1_000, 2_000, 4_000];

/** Never throws: the code is restored whatever comes of the undo. */
async function undone(
  { clock, migrations }: UndoPorts,
  { undo, withinMs }: Migration,
  run: UndoRun,
): Promise<Pick<MigrationUndone, 'result' | 'reason'>> {
  const over = new AbortController();
  try {
    const asked = patiently(clock, PAUSES_MS, () => {
      over.signal.throwIfAborted();
      return migrations.undo(undo, run, over.signal);
    });
    return await limited(clock, withinMs, asked);
  } catch (error) {
    const { name, message } = error as Error;
    const inTime = `it has not ended within ${formatDuration(withinMs)}, and may still be running`;
    return { result: 'failed', reason: name === 'TimeLimitExceeded' ? inTime : `${name}: ${message}` };
  } finally {
    over.abort();
  }
}

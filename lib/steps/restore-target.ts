import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { fenceName } from '../drill/fence.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import { roundBeforeCall, roundLeft } from '../drill/migration.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import type { Decision } from './input.ts';
import { knownBadOf } from './known-bad.ts';
import { checkTime, type TimeLimit } from './out-of-time.ts';
import { notRestoredPage, page } from './page.ts';
import { patiently } from './patiently.ts';
import { withFailedPath } from './roll-back.ts';
import type { SampleKeeper } from './standing-records.ts';
import { takePath, undoComesFirst } from './take-path.ts';
import { targetContext } from './target-context.ts';
import { notUndonePage, undoAfterCall, undoRound } from './undo-migration.ts';
import { watchUntilRestored } from './watch-until-restored.ts';

/** What restoring works with: records that never keep it waiting, and a limited time. */
export type RestorePorts = Pick<Ports, 'announcer' | 'journal' | 'migrations' | 'probe' | 'validations'> &
  TimeLimit & {
    readonly samples: SampleKeeper;
    readonly target: TargetFor<'observe' | 'findKnownBad' | 'steering' | 'rollbackCommand' | 'rollBack'>;
  };

/** A target that cannot be read or called is asked again, in all for half a minute. */
const PATIENCE_MS = [2_000, 4_000, 8_000, 16_000];
const BEFORE_REFUSED_CALLS_MS = 5_000;

/** Takes one path after the other until the target is restored. What cannot be restored is paged for. */
export async function restore(ports: RestorePorts, drill: Drill): Promise<Drill> {
  let current = drill;
  const limit = current.plan.rollback.paths.length + 1;
  for (let attempt = 1; attempt <= limit; attempt++) {
    current = await undoFirst(ports, current);
    const decision = await takeSomePath(ports, current);
    current = await reread(ports, current);
    if (decision.kind === 'overtaken') return current;
    if (decision.kind === 'unreachable') return giveUp(ports, current, decision.reason);
    // Where every path was tried before, the last one may have come to its end since then.
    if (decision.kind === 'exhausted' && attempt > 1) break;
    current = await undoLeft(ports, current);
    const watched = await watchUntilRestored(ports, current);
    current = await reread(ports, current);
    if (watched !== 'not-restored') return current;
    if (decision.kind === 'exhausted') break;
    const reason = 'not restored within the plan’s limit';
    current = await withFailedPath(ports, current, { kind: 'failed', reason });
  }
  return giveUp(ports, current, 'no rollback path of the plan restored the target');
}

/** A call that was refused took no effect: after a pause it is made once more, before the target is given up. */
async function takeSomePath(ports: RestorePorts, drill: Drill): Promise<Decision> {
  const decision = await takePathPatiently(ports, drill);
  if (decision.kind !== 'exhausted') return decision;
  await ports.clock.sleep(BEFORE_REFUSED_CALLS_MS);
  return takePathPatiently(ports, drill, withoutRefusedCalls);
}

function withoutRefusedCalls(drill: Drill): Drill {
  const paths = entriesOf(drill.journal, 'path');
  const begun = new Set(
    paths.filter(({ result }) => result === 'accepted' || result === 'adopted').map(({ path }) => path),
  );
  const wasRefused = (entry: Entry): boolean =>
    entry.kind === 'path' && entry.result === 'failed' && !begun.has(entry.path);
  return { ...drill, journal: drill.journal.filter((entry) => !wasRefused(entry)) };
}

/**
 * Without the journal it is not known what was called: the target tells. A rollback that is under way is waited for, whoever
 * has called it. Nothing is given up for good here: the next watchdog looks again.
 */
export async function restoreFromEmergency(ports: RestorePorts, drill: Drill): Promise<Drill> {
  const current = await knownBadFound(ports, drill);
  const state = await patiently(ports.clock, PATIENCE_MS, () =>
    ports.target(current.plan).steering(targetContext(current)),
  ).catch(() => null);
  // A restoration that stands is not moved to the moment of a later look.
  if (standingRestored(current.journal)) {
    if (state?.desired !== 'known-bad') return current;
    await voidRestoration(ports, current, state.summary);
  }
  const isUnderWay = state?.desired === 'last-healthy' || Boolean(state?.knownBadDeployment?.rollback);
  if (isUnderWay) await undoLeft(ports, current);
  if (isUnderWay && (await watchUntilRestored(ports, current)) !== 'not-restored')
    return reread(ports, current);
  return restore(ports, await reread(ports, current));
}

/** Undoes what the drill did not come to undo. Throws `OutOfTime`. */
export async function undoLeft(ports: RestorePorts, drill: Drill): Promise<Drill> {
  const round = roundLeft(drill.plan, drill.journal);
  if (round !== null && !lastOf(drill.journal, 'opened')) return askForUndo(ports, drill, round);
  if (round !== null) checkTime(ports, drill.plan.migration?.withinMs);
  await undoAfterCall(ports, drill);
  return reread(ports, drill);
}

/** Where the plan wants the undo before the rollback call, as the drill itself does it. */
async function undoFirst(ports: RestorePorts, drill: Drill): Promise<Drill> {
  const round = roundBeforeCall(drill.plan, drill.journal);
  if (round === null || !lastOf(drill.journal, 'opened')) return drill;
  const state = await ports
    .target(drill.plan)
    .steering(targetContext(drill))
    .catch(() => null);
  if (!state || !undoComesFirst(drill, state)) return drill;
  checkTime(ports, drill.plan.migration?.withinMs);
  return undoRound(ports, drill, round);
}

/** Without the journal it is not known whether the undo ran. The watchdog that reads it again runs it, unless it did. */
async function askForUndo(ports: RestorePorts, drill: Drill, round: number): Promise<Drill> {
  const reason =
    'the records of the drill cannot be read, so it is not known whether the undo ran; the watchdog runs it as soon as it can read that it did not';
  await page(ports, drill, notUndonePage(ports, drill, { round, reason }));
  return reread(ports, drill);
}

export async function reread({ journal }: Pick<RestorePorts, 'journal'>, { opened }: Drill): Promise<Drill> {
  return journal.read(opened.drillId);
}

/** Records the known-bad deployment that the target shows, whether or not its own answer was heard. */
export async function knownBadFound(ports: RestorePorts, drill: Drill): Promise<Drill> {
  const found = await patiently(ports.clock, PATIENCE_MS, () =>
    ports.target(drill.plan).findKnownBad(targetContext(drill).captured, knownBadOf(drill)),
  ).catch(() => undefined);
  if (!found) return drill;
  const { deployed, acceptedAt: at, source } = found;
  const evidence = `${deployed.deployment}, read back by the watchdog`;
  await ports.journal.append(drill, [
    { kind: 'known-bad-deployed', key: 'known-bad-deployed', ...deployed },
    { kind: 'mark', key: 'mark/badDeployStarted', mark: 'badDeployStarted', at, source, evidence },
  ]);
  return reread(ports, drill);
}

/** A deployment that lands after the restoration makes it void. */
export async function voidRestoration(ports: RestorePorts, drill: Drill, summary: string): Promise<void> {
  const at = iso(ports.clock.now());
  const reason = `a call in flight took effect after the target was restored: ${summary}`;
  const key = `restored-voided/taken-over/${fenceName(drill.fence)}/${at}`;
  await ports.journal.append(drill, [{ kind: 'restored-voided', key, at, reason }]);
}

/** A call that may or may not have been accepted is looked for, and made again only if it was not. */
async function takePathPatiently(
  ports: RestorePorts,
  drill: Drill,
  seen: (drill: Drill) => Drill = (read) => read,
): Promise<Decision> {
  try {
    return await patiently(ports.clock, PATIENCE_MS, async () =>
      takePath(ports, seen(await reread(ports, drill))),
    );
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'FenceRaised') throw error;
    return { kind: 'unreachable', reason: `the target can be neither read nor called: ${name}: ${message}` };
  }
}

async function giveUp(ports: RestorePorts, drill: Drill, reason: string): Promise<Drill> {
  // Without the whole journal this is not the last word.
  if (lastOf(drill.journal, 'opened'))
    await ports.journal.append(drill, [{ kind: 'not-restored', key: 'not-restored', reason }]);
  await page(ports, drill, notRestoredPage(drill));
  return reread(ports, drill);
}

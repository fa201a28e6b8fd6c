import type { Mark, MarkName, Marks, SetMark } from './clock.ts';
import type { Entry, EntryOf, Restored } from './entry.ts';
import { entriesOf, lastOf, sinceVoided, standingValidations } from './journal.ts';

/** The restoration that stands, or why none does. */
export type Standing = { readonly restored: Restored } | { readonly restored: null; readonly reason: string };

/** Every mark of the drill. One that cannot exist says why, beginning with a word of its own: `never-served: …`. */
export function marksFrom(journal: readonly Entry[], standing: Standing): Marks {
  return {
    drillStarted: drillStarted(journal),
    approved: written(journal, 'approved', whyNotApproved(journal)),
    badDeployStarted: written(journal, 'badDeployStarted', 'never-deployed: no deploy call was accepted'),
    badServing: written(journal, 'badServing', whyNotServing(journal)),
    triggerObserved: triggerObserved(journal),
    rollbackDecided: written(journal, 'rollbackDecided', 'never-decided: the drill ended before a decision'),
    rollbackStarted: written(journal, 'rollbackStarted', 'never-started: no rollback call was accepted'),
    stableFirstSeen: stableFirstSeen(journal, standing),
    restored: restored(standing),
    validated: validated(journal),
    allClear: allClear(journal),
  };
}

function drillStarted(journal: readonly Entry[]): Mark {
  const opened = lastOf(journal, 'opened');
  if (!opened) return none('never-opened: the journal was never opened');
  return { at: opened.at, source: 'orchestrator', evidence: opened.executionArn };
}

/** The newest entry counts: a rollback that was adopted was decided by the target, whatever was decided before. */
function written(journal: readonly Entry[], name: MarkName, whyNot: string): Mark {
  const entry = markEntry(journal, name);
  return entry ? setMark(entry) : none(whyNot);
}

function whyNotApproved(journal: readonly Entry[]): string {
  return lastOf(journal, 'approval-asked')
    ? 'not-approved: the drill ended before enough people had approved it'
    : 'not-required: the plan asks for no approval';
}

function whyNotServing(journal: readonly Entry[]): string {
  if (!markEntry(journal, 'badDeployStarted')) return 'never-deployed: no deploy call was accepted';
  return lastOf(journal, 'probes')?.summary.total
    ? 'never-served: no probe saw the known-bad release or a failure caused by it'
    : 'not-witnessed: the witness left no probes since the known-bad release was deployed';
}

function triggerObserved(journal: readonly Entry[]): Mark {
  const won = entriesOf(journal, 'trigger').find((entry) => entry.won)?.trigger;
  if (won) return setMark(won);
  if (!markEntry(journal, 'badDeployStarted')) return none('never-deployed: no deploy call was accepted');
  const undetected = lastOf(journal, 'undetected');
  return none(
    undetected
      ? `undetected: ${undetected.reason}`
      : 'not-awaited: the wait for a trigger ended before one fired',
  );
}

function stableFirstSeen(journal: readonly Entry[], standing: Standing): Mark {
  if (!standing.restored) return none(standing.reason);
  const at = standing.restored.stableFirstSeenAt;
  if (at === null) return none('never-unhealthy: users saw nothing');
  const failedAt = lastOf(journal, 'probes')?.summary.lastFailedAt ?? null;
  if (failedAt !== null && failedAt > at)
    return none(`interrupted: a probe failed at ${failedAt}, after the healthy run had begun at ${at}`);
  return {
    at,
    source: 'probe',
    evidence: 'first healthy response of the final uninterrupted healthy run',
  };
}

function restored(standing: Standing): Mark {
  if (!standing.restored) return none(standing.reason);
  const { at, source, controlPlaneDoneAt, greens, firstGreenAt } = standing.restored;
  const evidence = `later of control plane uniform ${controlPlaneDoneAt} and first of ${greens} greens ${firstGreenAt}`;
  return { at, source, evidence };
}

function validated(journal: readonly Entry[]): Mark {
  const ends = standingValidations(journal).flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
  const at = ends.toSorted().at(-1);
  if (at === undefined) return none('never-validated: no validation ran to its end');
  return { at, source: 'orchestrator', evidence: `${ends.length} validations ended` };
}

function allClear(journal: readonly Entry[]): Mark {
  const clear = lastOf(sinceVoided(journal), 'all-clear');
  if (clear) return { at: clear.at, source: 'probe', evidence: clear.reason };
  const unstable = lastOf(journal, 'unstable');
  return none(
    unstable ? `unstable: ${unstable.reason}` : 'never-cleared: the quiet period was not watched to its end',
  );
}

function markEntry(journal: readonly Entry[], name: MarkName): EntryOf<'mark'> | undefined {
  return entriesOf(journal, 'mark').findLast((entry) => entry.mark === name);
}

function setMark({ at, source, evidence, resolutionMs }: SetMark): SetMark {
  return { at, source, evidence, ...(resolutionMs === undefined ? {} : { resolutionMs }) };
}

function none(reason: string): Mark {
  return { at: null, reason };
}

import { entriesOf, rollbacksOf } from '../drill/journal.ts';
import { currentIllusion } from '../drill/witness/illusion.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { type Decision, isTimeLimit, type StepInput } from './input.ts';
import { recordingBriefly } from './recording-briefly.ts';
import { arrive } from './step.ts';
import {
  overtaken,
  path,
  type RollBackPorts,
  record,
  steering,
  takePath,
  undoComesFirst,
} from './take-path.ts';

/** Takes the first applicable rollback path; a path that fails gives way to the next one, never two at once. */
export async function rollBack(ports: RollBackPorts, input: StepInput): Promise<Decision> {
  const { previous } = input;
  const brief = recordingBriefly(ports);
  const { drill: found, entries } = await arrive(ports, 'RollBack', input);
  if (previous.kind === 'overtaken')
    return overtaken(ports, await record(brief, found, entries), previous.reason ?? '');
  if (wasWaiting(previous) && !isTimeLimit(previous)) {
    await record(brief, found, entries);
    return { kind: 'unwatched', reason: `nobody could watch the rollback: ${previous.error}` };
  }
  const [drill, state] = await Promise.all([record(brief, found, entries), steering(ports, found)]);
  const isRetry = hasTakenPath(drill, input);
  const ready = isRetry ? drill : await withFailedPath(brief, drill, previous);
  if (undoComesFirst(ready, state))
    return { kind: 'undo-first', reason: 'the plan wants the migration undone before the rollback call' };
  return andUndo(ready, await takePath(ports, ready, state));
}

/**
 * A rollback that did not restore within its limit, or after which the bad release came back, has failed. Where none of ours
 * was under way, it is the target's own return that failed.
 */
export async function withFailedPath(
  ports: Pick<Ports, 'clock' | 'journal'>,
  drill: Drill,
  previous: StepInput['previous'],
): Promise<Drill> {
  const last = entriesOf(drill.journal, 'path').findLast(
    (entry) => entry.result === 'accepted' || entry.result === 'adopted',
  );
  const again = previous.kind === 'bad-again' || previous.kind === 'failed' || wasWaiting(previous);
  if (!again) return drill;
  const reason = previous.reason ?? `not restored in time: ${previous.error}${seenAfterDone(drill)}`;
  return record(ports, drill, [path(drill, last?.path ?? 'automatic', 'failed', reason, ports.clock.now())]);
}

/** What users met although the control plane said that this rollback was done. */
function seenAfterDone({ journal }: Drill): string {
  const illusion = currentIllusion(journal);
  if (!illusion) return '';
  return `; the control plane was done at ${illusion.controlPlaneDoneAt}, and yet: ${illusion.evidence}`;
}

/** Where the plan has a migration it is undone next, beside the restoration. */
function andUndo({ plan }: Drill, decision: Decision): Decision {
  return plan.migration && decision.kind === 'rolling-back'
    ? { ...decision, kind: 'undo-migration' }
    : decision;
}

function wasWaiting({ kind, state }: StepInput['previous']): boolean {
  return kind === 'fault' && state === 'AwaitRestored';
}

/** An earlier execution of this visit has taken a path, and its answer was lost. */
function hasTakenPath({ journal }: Drill, { enteredAt }: StepInput): boolean {
  const visit = journal.findIndex(
    (entry) => entry.kind === 'step' && entry.name === 'RollBack' && entry.enteredAt === enteredAt,
  );
  return rollbacksOf(journal.slice(visit)) > 0;
}

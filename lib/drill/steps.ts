import { type Marks, timeOf } from './clock.ts';
import type { Entry, EntryOf } from './entry.ts';
import { entriesOf, lastOf } from './journal.ts';
import { shareOf } from './share.ts';

export interface Interval {
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** One visit of a state. */
export interface Step extends Interval {
  readonly status: 'done' | 'faulted';
  /** How often the visit was begun: one more than its retries. */
  readonly attempts: number;
}

/** A step lasts until the next one is entered; the machine does nothing between them. */
export function stepsFrom(journal: readonly Entry[]): readonly Step[] {
  const visits = visitsOf(entriesOf(journal, 'step'));
  const closing = lastOf(journal, 'closing')?.at;
  return visits.map(({ name, enteredAt, executions }, index) => ({
    name,
    startedAt: enteredAt,
    endedAt: visits[index + 1]?.enteredAt ?? closing ?? enteredAt,
    status: faulted(journal, name, enteredAt) ? 'faulted' : 'done',
    attempts: executions,
  }));
}

/** The step that took the largest part of the time from trigger to restored, all its visits together. */
export function dominantStep(
  steps: readonly Interval[],
  marks: Marks,
): { name: string; share: number } | null {
  const { timerMs, spentMs } = timeSpent(steps, marks);
  return largestPart(spentMs, timerMs);
}

/** What each step took of the time from trigger to restored; nothing of a drill that has no such time. */
export function timeSpent(
  steps: readonly Interval[],
  marks: Marks,
): { readonly timerMs: number; readonly spentMs: ReadonlyMap<string, number> } {
  const from = timeOf(marks.triggerObserved);
  const to = timeOf(marks.restored);
  const spentMs = new Map<string, number>();
  if (from === null || to === null || to <= from) return { timerMs: 0, spentMs };
  for (const { name, startedAt, endedAt } of steps) {
    const within = Math.min(Date.parse(endedAt), to) - Math.max(Date.parse(startedAt), from);
    spentMs.set(name, (spentMs.get(name) ?? 0) + Math.max(0, within));
  }
  return { timerMs: to - from, spentMs };
}

export function largestPart(
  spentMs: Iterable<readonly [name: string, ms: number]>,
  wholeMs: number,
): { name: string; share: number } | null {
  const [name, ms] = [...spentMs].reduce((most, step) => (step[1] > most[1] ? step : most), ['', 0]);
  return ms > 0 ? { name, share: shareOf(ms, wholeMs) } : null;
}

type Visit = EntryOf<'step'>;

/** In the order of time. A retry enters the same visit again. */
function visitsOf(entered: readonly Visit[]): readonly Visit[] {
  const visits = Map.groupBy(entered, ({ name, enteredAt }) => `${enteredAt} ${name}`);
  return [...visits.values()]
    .map((again) => again.reduce((most, visit) => (visit.executions > most.executions ? visit : most)))
    .toSorted((a, b) => a.enteredAt.localeCompare(b.enteredAt));
}

/** A fault is recorded by the state that it leads to: it belongs to the last visit before it. */
function faulted(journal: readonly Entry[], name: string, enteredAt: string): boolean {
  const from = journal.findLastIndex(
    (entry) => entry.kind === 'step' && entry.name === name && entry.enteredAt === enteredAt,
  );
  const after = journal.slice(from + 1);
  const next = after.findIndex((entry) => entry.kind === 'step' && entry.name === name);
  const during = next === -1 ? after : after.slice(0, next);
  return during.some((entry) => entry.kind === 'fault' && entry.state === name);
}

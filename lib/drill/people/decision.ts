import { iso } from '../clock.ts';
import type { Entry, EntryOf } from '../entry.ts';
import { entriesOf, lastOf } from '../journal.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Plan } from '../plan/plan.ts';

/** What was heard before the decision: the kind of a signal, or `silence` when a person was asked and did not answer. */
export interface Heard {
  readonly kind: string;
  readonly reason: string;
}

export interface DecisionFacts {
  readonly rollback: Plan['rollback'];
  readonly journal: readonly Entry[];
  readonly aborted: boolean;
}

export type Answer =
  | { readonly kind: 'roll-back'; readonly reason: string; readonly by: EntryOf<'decision'> | null }
  /** A person is asked until then, ISO 8601. */
  | { readonly kind: 'ask'; readonly reason: string; readonly until: string };

/** A shorter wait is not worth asking: nobody could answer. */
const SHORTEST_WAIT_MS = 5_000;

/** Whether to roll back now, or to ask a person first. Only a trigger is asked about, and only when the plan says so. */
export function answerTo(heard: Heard, facts: DecisionFacts, now: number): Answer {
  const said = entriesOf(facts.journal, 'decision').find(({ verdict }) => verdict === 'roll-back');
  if (said) return { kind: 'roll-back', reason: `confirmed by ${said.by}: ${said.reason}`, by: said };
  const until = facts.aborted ? undefined : askedUntil(heard, facts, now);
  if (until !== undefined) return { kind: 'ask', reason: heard.reason, until };
  return { kind: 'roll-back', reason: reasonFor(heard, facts), by: null };
}

/** The wait for a person's word; each hold begins another one. */
export function decisionWait(journal: readonly Entry[]): string {
  return `AwaitDecision/${holdsIn(journal).length}`;
}

/** The waits that a person has ended. */
export function decisionWaitsSignalled(journal: readonly Entry[]): readonly string[] {
  return entriesOf(journal, 'decision').map((_, turn) => `AwaitDecision/${turn}`);
}

/** Until when the person who is asked now has time; `null` when nobody is asked. */
export function openUntil(journal: readonly Entry[]): string | null {
  const asked = lastOf(journal, 'decision-asked');
  const isDecided = entriesOf(journal, 'mark').some(({ mark }) => mark === 'rollbackDecided');
  if (!asked || isDecided) return null;
  return holdsIn(journal).at(-1)?.until ?? asked.until;
}

/** The part of the decision time that waited for people. */
export function humanWaitMs(journal: readonly Entry[], decidedAt: string): number {
  const asked = lastOf(journal, 'decision-asked');
  return asked ? Math.max(0, Date.parse(decidedAt) - Date.parse(asked.at)) : 0;
}

/** The longest that people can hold up a rollback. */
export function longestHumanWaitMs({ confirm, hold }: Plan['rollback']): number {
  return confirm ? Math.max(confirm.withinMs, hold?.upToMs ?? 0) : 0;
}

export type Word = { readonly kind: 'roll-back' } | { readonly kind: 'hold'; readonly forMs: number | null };

/** Whether what a person says is accepted, and until when a hold lasts; or why not. */
export function judgeWord(
  word: Word,
  { rollback, journal }: Pick<DecisionFacts, 'rollback' | 'journal'>,
  now: number,
):
  | { readonly kind: 'accepted'; readonly until: string | null }
  | { readonly kind: 'refused'; readonly reason: string } {
  const until = openUntil(journal);
  if (until === null) return refused(whyNobodyIsAsked(rollback, journal));
  if (word.kind === 'roll-back') return { kind: 'accepted', until: null };
  const limit = holdLimit(rollback, journal);
  if (!rollback.hold || limit === null)
    return refused('the plan does not let anybody hold the rollback: it has no rollback.hold');
  const held = Math.min(limit, word.forMs === null ? limit : now + word.forMs);
  if (held > Date.parse(until)) return { kind: 'accepted', until: iso(held) };
  return refused(
    `the rollback waits until ${until} already, and can be held for ${formatDuration(rollback.hold.upToMs)} in all, until ${iso(limit)}`,
  );
}

function askedUntil({ kind }: Heard, { rollback, journal }: DecisionFacts, now: number): string | undefined {
  if (!rollback.confirm) return undefined;
  const asked = lastOf(journal, 'decision-asked');
  if (kind === 'trigger') return asked?.until ?? iso(now + rollback.confirm.withinMs);
  const hold = holdsIn(journal).at(-1);
  if (kind !== 'held' || !hold?.until) return undefined;
  return Date.parse(hold.until) - now < SHORTEST_WAIT_MS ? undefined : hold.until;
}

function reasonFor({ kind, reason }: Heard, { rollback, journal }: DecisionFacts): string {
  if (kind !== 'silence' && kind !== 'held') return reason;
  const hold = holdsIn(journal).at(-1);
  if (hold) return `held by ${hold.by} until ${hold.until}, and nobody decided otherwise`;
  return `nobody decided within ${formatDuration(rollback.confirm?.withinMs ?? 0)}`;
}

function whyNobodyIsAsked({ confirm }: Plan['rollback'], journal: readonly Entry[]): string {
  const decided = entriesOf(journal, 'mark').find(({ mark }) => mark === 'rollbackDecided');
  if (decided) return `the rollback was decided at ${decided.at}: ${decided.evidence}`;
  if (!confirm) return 'the plan decides by itself: it has no rollback.confirm';
  return `nobody is asked yet; the drill is in ${lastOf(journal, 'step')?.name ?? 'LoadPlan'}`;
}

function holdLimit({ hold }: Plan['rollback'], journal: readonly Entry[]): number | null {
  const asked = lastOf(journal, 'decision-asked');
  return asked && hold ? Date.parse(asked.at) + hold.upToMs : null;
}

function holdsIn(journal: readonly Entry[]): readonly EntryOf<'decision'>[] {
  return entriesOf(journal, 'decision').filter(({ verdict }) => verdict === 'hold');
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

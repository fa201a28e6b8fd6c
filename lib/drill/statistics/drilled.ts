import * as v from 'valibot';
import { timeOf } from '../clock.ts';
import { OUTCOMES, type Outcome } from '../outcome.ts';
import type { Receipt } from '../seal.ts';

const Time = v.pipe(v.string(), v.isoTimestamp());
const Milliseconds = v.nullable(v.pipe(v.number(), v.safeInteger()));

/** What the statistics remember of one of the last drills. */
export const Drilled = v.object({
  number: v.number(),
  /** Places it in the chain of the target's receipts. */
  sequence: v.number(),
  startedAt: v.nullable(Time),
  /** When its last state was left. */
  endedAt: v.nullable(Time),
  outcome: v.picklist(OUTCOMES),
  rollbackSpeedMs: Milliseconds,
  rehearsalTimerMs: Milliseconds,
  completeness: v.nullable(v.number()),
  isClean: v.boolean(),
});

export type Drilled = v.InferOutput<typeof Drilled>;

export function drilledOf(receipt: Receipt): Drilled {
  const { number, sequence, marks, steps, outcome, figures } = receipt;
  return {
    number,
    sequence,
    startedAt: marks.drillStarted.at,
    endedAt: steps.at(-1)?.endedAt ?? null,
    outcome,
    rollbackSpeedMs: figures.rollbackSpeedMs,
    rehearsalTimerMs: figures.rehearsalTimerMs,
    completeness: figures.completeness,
    isClean: isClean(receipt),
  };
}

/** Drills that tell how the target rolls back: nobody else, and no person, ended them. */
const COUNTED: ReadonlySet<Outcome> = new Set([
  'passed',
  'rescued',
  'failed',
  'inconclusive',
  'not-restored',
]);

export function isCounted({ outcome }: { readonly outcome: Outcome }): boolean {
  return COUNTED.has(outcome);
}

export const CLEAN_TIMER_MS = 5 * 60_000;

/** Passed without a gap that is a warning or serious, and with a known rehearsal timer under five minutes. */
export function isClean({ outcome, gaps, figures }: Pick<Receipt, 'outcome' | 'gaps' | 'figures'>): boolean {
  const { rehearsalTimerMs } = figures;
  const isQuick = rehearsalTimerMs !== null && rehearsalTimerMs < CLEAN_TIMER_MS;
  return outcome === 'passed' && isQuick && gaps.every(({ severity }) => severity === 'notice');
}

/** When the drill passed: the target was restored then. `null` when it did not. */
export function passedAt({ outcome, marks }: Pick<Receipt, 'outcome' | 'marks'>): number | null {
  return outcome === 'passed' ? (timeOf(marks.restored) ?? timeOf(marks.drillStarted)) : null;
}

import * as v from 'valibot';
import { iso } from '../clock.ts';
import { OUTCOMES, type Outcome } from '../outcome.ts';
import type { DrillRecord } from '../record.ts';
import type { Receipt } from '../seal.ts';
import { timeSpent } from '../steps.ts';
import { Drilled, drilledOf, isClean, isCounted, passedAt } from './drilled.ts';
import { Histogram, NO_VALUES, withValue } from './histogram.ts';
import { NOBODY, Operators, operatorsOf, withOperators } from './operators.ts';

const STATISTICS_SCHEMA = 'rollback-drill/statistics/v1';

/** So many of the newest drills are remembered one by one; of all others only sums are. */
export const REMEMBERED_DRILLS = 20;

/** Completeness is summed up in whole ten-thousandths, to which it is rounded: sums of fractions depend on their order. */
export const COMPLETENESS_UNIT = 10_000;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * What is known of all drills of one target, in one item that does not grow with their number. Milliseconds. Refused drills
 * are known by their outcome alone.
 */
export const Statistics = v.object({
  schema: v.literal(STATISTICS_SCHEMA),
  target: v.string(),
  /** How many receipts are in here. */
  receipts: Count,
  /** The newest of them in the target's chain; more than `receipts` when some were sealed before statistics were kept. */
  lastSequence: Count,
  outcomes: v.object(v.entriesFromList(OUTCOMES, Count)),
  rollbackSpeed: Histogram,
  rehearsalTimer: Histogram,
  timeToDetect: Histogram,
  completeness: v.object({ sum: Count, n: Count }),
  /** What each step took of the rehearsal timers, and the sum of the timers. */
  spent: v.object({ timerMs: Count, byStep: v.record(v.string(), Count) }),
  cleanInARow: Count,
  lastPass: v.nullable(v.object({ number: v.number(), at: v.pipe(v.string(), v.isoTimestamp()) })),
  /** The newest drill that restored the target by a path; `path` is `null` where its receipt does not tell it. */
  rehearsed: v.nullable(
    v.object({
      number: v.number(),
      plan: v.object({ name: v.string(), digest: v.string() }),
      path: v.nullable(v.string()),
    }),
  ),
  operators: Operators,
  /** The newest drills, the newest last. */
  recent: v.pipe(v.array(Drilled), v.maxLength(REMEMBERED_DRILLS)),
});

export type Statistics = v.InferOutput<typeof Statistics>;

export function noStatistics(target: string): Statistics {
  return {
    schema: STATISTICS_SCHEMA,
    target,
    receipts: 0,
    lastSequence: 0,
    outcomes: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    rollbackSpeed: NO_VALUES,
    rehearsalTimer: NO_VALUES,
    timeToDetect: NO_VALUES,
    completeness: { sum: 0, n: 0 },
    spent: { timerMs: 0, byStep: {} },
    cleanInARow: 0,
    lastPass: null,
    rehearsed: null,
    operators: NOBODY,
    recent: [],
  };
}

/**
 * With one more drill. Receipts must come in the order of their sequence; the records of drills that touched nothing may come
 * at any time.
 */
export function statisticsAfter(before: Statistics, drill: Receipt | DrillRecord): Statistics {
  const counted = {
    ...before,
    outcomes: { ...before.outcomes, [drill.outcome]: before.outcomes[drill.outcome] + 1 },
  };
  return drill.number === null ? counted : withReceipt(counted, drill);
}

/** All drills of a target, in any order. */
export function statisticsOfAll(target: string, drills: readonly (Receipt | DrillRecord)[]): Statistics {
  return drills
    .toSorted((a, b) => sequenceOf(a) - sequenceOf(b))
    .reduce(statisticsAfter, noStatistics(target));
}

function sequenceOf(drill: Receipt | DrillRecord): number {
  return drill.number === null ? Number.POSITIVE_INFINITY : drill.sequence;
}

function withReceipt(before: Statistics, receipt: Receipt): Statistics {
  const after: Statistics = {
    ...before,
    receipts: before.receipts + 1,
    lastSequence: receipt.sequence,
    cleanInARow: isClean(receipt) ? before.cleanInARow + 1 : 0,
    lastPass: laterPass(before.lastPass, receipt),
    rehearsed: rehearsedBy(receipt) ?? before.rehearsed,
    operators: withOperators(before.operators, operatorsOf(receipt)),
    recent: [...before.recent, drilledOf(receipt)].slice(-REMEMBERED_DRILLS),
  };
  return isCounted(receipt) ? withFigures(after, receipt) : after;
}

function withFigures(before: Statistics, { figures, steps, marks }: Receipt): Statistics {
  const { timerMs, spentMs } = timeSpent(steps, marks);
  const byStep = { ...before.spent.byStep };
  for (const [name, ms] of spentMs) if (ms > 0) byStep[name] = (byStep[name] ?? 0) + ms;
  return {
    ...before,
    rollbackSpeed: withKnown(before.rollbackSpeed, figures.rollbackSpeedMs),
    rehearsalTimer: withKnown(before.rehearsalTimer, figures.rehearsalTimerMs),
    timeToDetect: withKnown(before.timeToDetect, figures.timeToDetectMs),
    completeness: withCompleteness(before.completeness, figures.completeness),
    spent: { timerMs: before.spent.timerMs + timerMs, byStep },
  };
}

/** An unknown figure is not counted. */
function withKnown(histogram: Histogram, value: number | null): Histogram {
  return value === null ? histogram : withValue(histogram, value);
}

function withCompleteness(before: Statistics['completeness'], share: number | null) {
  return share === null
    ? before
    : { sum: before.sum + Math.round(share * COMPLETENESS_UNIT), n: before.n + 1 };
}

/** A path that brought the target back was rehearsed, whatever else the drill found. */
function rehearsedBy({ number, plan, path, marks, pathFingerprint }: Receipt): Statistics['rehearsed'] {
  if (path.used === null || marks.restored.at === null) return null;
  return { number, plan: { name: plan.name, digest: plan.digest }, path: pathFingerprint ?? null };
}

function laterPass(before: Statistics['lastPass'], receipt: Receipt): Statistics['lastPass'] {
  const at = passedAt(receipt);
  if (at === null || (before !== null && Date.parse(before.at) >= at)) return before;
  return { number: receipt.number, at: iso(at) };
}

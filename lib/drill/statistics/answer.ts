import { iso } from '../clock.ts';
import type { Outcome } from '../outcome.ts';
import { shareOf } from '../share.ts';
import { largestPart } from '../steps.ts';
import { type Known, type Regression, regression, type Trend, trend, unknown } from './course.ts';
import { CLEAN_DRILLS_TO_GRADUATE, DEFINITIONS } from './definitions.ts';
import { type Drilled, isCounted } from './drilled.ts';
import { type Histogram, percentile } from './histogram.ts';
import type { PathChange } from './path-change.ts';
import type { Production } from './production.ts';
import { daysSinceLastPass, type Readiness, readiness } from './readiness.ts';
import { COMPLETENESS_UNIT, type Statistics } from './statistics.ts';

/** Milliseconds; `null` without values. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  readonly n: number;
}

/** Which drills an answer is about. */
export type Window =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly drills: number }
  | { readonly kind: 'since'; readonly at: string };

/** Every figure that is `null` has its reason in `unknown`. */
export interface Answer {
  readonly schema: 'rollback-drill/answer/v1';
  /** These are no figures of production. */
  readonly label: 'drills';
  readonly target: string;
  readonly asOf: string;
  readonly window: Window;
  readonly rollbackSpeed: Percentiles;
  readonly rehearsalTimer: Percentiles;
  readonly timeToDetect: Percentiles;
  readonly successRate: number | null;
  readonly completeness: { readonly mean: number | null; readonly last: number | null; readonly n: number };
  readonly frequency: Frequency;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly dominantStep: { readonly name: string; readonly share: number } | null;
  readonly trend: Trend | null;
  readonly regression: Regression | null;
  readonly graduated: boolean;
  readonly cleanInARow: number;
  readonly daysSinceLastPass: number | null;
  readonly lastPass: Statistics['lastPass'];
  readonly readiness: Readiness | null;
  readonly distinctOperators: number;
  readonly pathChangedSinceRehearsal: boolean | null;
  /** The newest drills, the newest last. */
  readonly recent: readonly Drilled[];
  readonly unknown: Readonly<Record<string, string>>;
  /** What does not hold of the numbers, and what to do about it. */
  readonly caution: readonly string[];
  readonly definitions: typeof DEFINITIONS;
}

export interface Frequency {
  readonly drills: number;
  readonly deployments: number | null;
  readonly realRollbacks: number | null;
  readonly rollbacksPerDeployment: number | null;
  readonly countedSince: string | null;
}

export interface Asked {
  /** Epoch milliseconds. */
  readonly asOf: number;
  readonly window: Window;
  readonly production: Known<Production>;
  readonly path: PathChange;
}

/** The same statistics asked in the same way give the same answer. */
export function answerFrom(statistics: Statistics, { asOf, window, production, path }: Asked): Answer {
  const days = daysSinceLastPass(statistics, asOf);
  const ready = readiness(statistics, asOf);
  const rate = successRate(statistics.outcomes);
  const [course, back] = [trend(statistics.recent), regression(statistics.recent)];
  const { frequency, ...unknownFrequency } = frequencyOf(statistics, production);
  const spent = Object.entries(statistics.spent.byStep);
  const dominantStep = largestPart(spent, statistics.spent.timerMs);
  return {
    schema: 'rollback-drill/answer/v1',
    label: 'drills',
    target: statistics.target,
    asOf: iso(asOf),
    window,
    rollbackSpeed: percentiles(statistics.rollbackSpeed),
    rehearsalTimer: percentiles(statistics.rehearsalTimer),
    timeToDetect: percentiles(statistics.timeToDetect),
    successRate: rate.value,
    completeness: completenessOf(statistics),
    frequency,
    outcomes: statistics.outcomes,
    dominantStep,
    trend: course.value,
    regression: back.value,
    graduated: statistics.cleanInARow >= CLEAN_DRILLS_TO_GRADUATE,
    cleanInARow: statistics.cleanInARow,
    daysSinceLastPass: days.value,
    lastPass: statistics.lastPass,
    readiness: ready.value,
    distinctOperators: statistics.operators.fingerprints.length,
    pathChangedSinceRehearsal: path.changed,
    recent: statistics.recent,
    unknown: {
      ...reasonsOf({
        successRate: rate,
        trend: course,
        regression: back,
        daysSinceLastPass: days,
        readiness: ready,
        dominantStep: dominantStep ? { value: dominantStep } : unknown('no rehearsal timer is known'),
        pathChangedSinceRehearsal: path.changed === null ? unknown(path.reason) : { value: path.changed },
      }),
      ...reasonsOfValues(statistics),
      ...reasonsOf(unknownFrequency),
    },
    caution: cautions(statistics, window, path),
    definitions: DEFINITIONS,
  };
}

function percentiles(histogram: Histogram): Percentiles {
  return {
    p50: percentile(histogram, 50),
    p95: percentile(histogram, 95),
    max: histogram.max,
    n: histogram.n,
  };
}

function successRate(outcomes: Answer['outcomes']): Known<number> {
  const { passed, rescued, failed, inconclusive } = outcomes;
  const counted = passed + rescued + failed + inconclusive + outcomes['not-restored'];
  return counted === 0 ? unknown('there is no drill that counts') : { value: shareOf(passed, counted) };
}

function completenessOf({ completeness: { sum, n }, recent }: Statistics): Answer['completeness'] {
  const last =
    recent.filter(isCounted).findLast(({ completeness }) => completeness !== null)?.completeness ?? null;
  return { mean: n === 0 ? null : shareOf(sum, n * COMPLETENESS_UNIT), last, n };
}

function frequencyOf(
  { receipts }: Statistics,
  production: Known<Production>,
): {
  frequency: Frequency;
  'frequency.deployments': Known<number>;
  'frequency.rollbacksPerDeployment': Known<number>;
} {
  if (production.value === null) {
    const nothing = {
      deployments: null,
      realRollbacks: null,
      rollbacksPerDeployment: null,
      countedSince: null,
    };
    return {
      frequency: { drills: receipts, ...nothing },
      'frequency.deployments': production,
      'frequency.rollbacksPerDeployment': production,
    };
  }
  const { deployments, realRollbacks, countedSince } = production.value;
  const ratio = deployments === 0 ? null : shareOf(realRollbacks, deployments);
  return {
    frequency: { drills: receipts, deployments, realRollbacks, rollbacksPerDeployment: ratio, countedSince },
    'frequency.deployments': { value: deployments },
    'frequency.rollbacksPerDeployment':
      ratio === null ? unknown('no deployment was counted') : { value: ratio },
  };
}

function reasonsOf(figures: Readonly<Record<string, Known<unknown>>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) =>
      figure.value === null && 'reason' in figure ? [[name, figure.reason]] : [],
    ),
  );
}

function reasonsOfValues(statistics: Statistics): Record<string, string> {
  const names = ['rollbackSpeed', 'rehearsalTimer', 'timeToDetect', 'completeness'] as const;
  return Object.fromEntries(
    names
      .filter((name) => statistics[name].n === 0)
      .map((name) => [name, 'it is known of no drill that counts']),
  );
}

function cautions(
  { receipts, lastSequence, operators }: Statistics,
  window: Window,
  path: PathChange,
): string[] {
  const missing = lastSequence - receipts;
  return [
    ...(window.kind === 'all' && missing > 0
      ? [`${missing} of ${lastSequence} receipts are not in here: drill rebuild-statistics counts them`]
      : []),
    ...(operators.areMore ? ['there are more operators than are told apart'] : []),
    ...(path.changed === true ? [`the rollback path must be drilled again: ${path.reason}`] : []),
  ];
}

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
export function answerFrom(statistics: Statistics, asked: Asked): Answer {
  const known = knownOf(statistics, asked);
  return {
    schema: 'rollback-drill/answer/v1',
    label: 'drills',
    target: statistics.target,
    asOf: iso(asked.asOf),
    window: asked.window,
    rollbackSpeed: percentiles(statistics.rollbackSpeed),
    rehearsalTimer: percentiles(statistics.rehearsalTimer),
    timeToDetect: percentiles(statistics.timeToDetect),
    successRate: known.successRate.value,
    completeness: completenessOf(statistics),
    frequency: frequencyOf(statistics, asked.production),
    outcomes: statistics.outcomes,
    dominantStep: known.dominantStep.value,
    trend: known.trend.value,
    regression: known.regression.value,
    graduated: statistics.cleanInARow >= CLEAN_DRILLS_TO_GRADUATE,
    cleanInARow: statistics.cleanInARow,
    daysSinceLastPass: known.daysSinceLastPass.value,
    lastPass: statistics.lastPass,
    readiness: known.readiness.value,
    distinctOperators: statistics.operators.fingerprints.length,
    pathChangedSinceRehearsal: asked.path.changed,
    recent: statistics.recent,
    unknown: { ...reasonsOf(known), ...reasonsOfValues(statistics) },
    caution: cautions(statistics, asked),
    definitions: DEFINITIONS,
  };
}

/** What may be unknown for a reason of its own. */
function knownOf(statistics: Statistics, { asOf, production, path }: Asked) {
  const { byStep, timerMs } = statistics.spent;
  const step = largestPart(Object.entries(byStep), timerMs);
  const deployments = production.value === null ? production : { value: production.value.deployments };
  return {
    successRate: successRate(statistics.outcomes),
    dominantStep: step ? { value: step } : unknown('no rehearsal timer is known'),
    trend: trend(statistics.recent),
    regression: regression(statistics.recent),
    daysSinceLastPass: daysSinceLastPass(statistics, asOf),
    readiness: readiness(statistics, asOf),
    pathChangedSinceRehearsal: path.changed === null ? unknown(path.reason) : { value: path.changed },
    'frequency.deployments': deployments,
    'frequency.rollbacksPerDeployment':
      deployments.value === 0 ? unknown('no deployment was counted') : deployments,
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

function frequencyOf({ receipts: drills }: Statistics, production: Known<Production>): Frequency {
  if (production.value === null)
    return {
      drills,
      deployments: null,
      realRollbacks: null,
      rollbacksPerDeployment: null,
      countedSince: null,
    };
  const { deployments, realRollbacks } = production.value;
  const ratio = deployments === 0 ? null : shareOf(realRollbacks, deployments);
  return { drills, ...production.value, rollbacksPerDeployment: ratio };
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

function cautions({ receipts, lastSequence, operators }: Statistics, { window, path }: Asked): string[] {
  const missing = lastSequence - receipts;
  return [
    ...(window.kind === 'all' && missing > 0
      ? [`${missing} of ${lastSequence} receipts are not in here: drill rebuild-statistics counts them`]
      : []),
    ...(operators.areMore ? ['there are more operators than are told apart'] : []),
    ...(path.changed === true ? [`the rollback path must be drilled again: ${path.reason}`] : []),
  ];
}

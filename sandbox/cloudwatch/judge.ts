import type { Datapoint } from './read-metric.ts';
import type { AlarmState } from './store.ts';

/** When an alarm is in ALARM. */
export interface Rule {
  /** How many datapoints are looked at … */
  readonly periods: number;
  /** … and how many of them must breach. */
  readonly needed: number;
  readonly breaches: (value: number) => boolean;
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** A datapoint of fewer samples than this changes nothing. */
  readonly leastSamples: number;
}

export interface Judgement {
  /** Undefined: the alarm keeps the state that it has. */
  readonly value: AlarmState['value'] | undefined;
  /** The datapoints that were looked at, newest first. */
  readonly evaluated: readonly Datapoint[];
  readonly breaching: number;
  /** How many were missing. */
  readonly filled: number;
}

/**
 * So many periods before those of the alarm are looked at when datapoints are missing. AWS does so too, without saying how
 * many; its examples show two.
 */
export const EXTRA_PERIODS = 2;

/**
 * One entry of `range` for each period, newest first. Real datapoints come before filled ones, even when they are older than
 * the periods of the alarm: "How alarm state is evaluated when data is missing" in the CloudWatch user guide.
 */
export function judge(range: readonly (Datapoint | undefined)[], rule: Rule): Judgement {
  const evaluated = range.filter((datapoint) => datapoint !== undefined).slice(0, rule.periods);
  const breaching = evaluated.filter(({ value }) => rule.breaches(value)).length;
  const filled = rule.periods - evaluated.length;
  const isTooFew = evaluated.some(({ sampleCount = Infinity }) => sampleCount < rule.leastSamples);
  const value = isTooFew ? undefined : stateOf(range, rule, breaching, filled);
  return { value, evaluated, breaching, filled };
}

function stateOf(
  range: readonly (Datapoint | undefined)[],
  { periods, needed, missing }: Rule,
  breaching: number,
  filled: number,
): AlarmState['value'] | undefined {
  if (breaching + (missing === 'breaching' ? filled : 0) >= needed) return 'ALARM';
  if (filled === 0 || missing === 'breaching' || missing === 'notBreaching') return 'OK';
  if (filled === periods) return missing === 'missing' ? 'INSUFFICIENT_DATA' : undefined;
  if (breaching < periods - filled) return 'OK';
  return missing === 'missing' && isOldEnough(range, needed) ? 'ALARM' : undefined;
}

/** Too few datapoints, and all of them breaching: no reason to alarm before the others have had the time to come. */
function isOldEnough(range: readonly (Datapoint | undefined)[], needed: number): boolean {
  return range.findLastIndex((datapoint) => datapoint !== undefined) + 1 >= needed;
}

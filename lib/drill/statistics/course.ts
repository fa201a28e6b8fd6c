import { median } from '../figures.ts';
import { type Drilled, isCounted } from './drilled.ts';

/** How many speeds the newest median and the one before it are made of. */
export const TREND_DRILLS = 5;
/** Fewer are no trend and nothing to compare with. */
export const FEWEST_DRILLS = 3;
/** Up to this share a change is none. */
export const TREND_CHANGE = 0.1;

/** The newest drill is compared with so many before it. */
export const REGRESSION_DRILLS = 8;
/** Slower by more than this share of the median is a regression. */
export const REGRESSION_CHANGE = 0.2;

/** A figure, or why there is none. */
export type Known<T> = { readonly value: T } | { readonly value: null; readonly reason: string };

export interface Trend {
  readonly direction: 'faster' | 'slower' | 'steady';
  /** Of the newest speeds, at most five. */
  readonly recentMedianMs: number;
  /** Of those before them, at most five. */
  readonly beforeMedianMs: number;
  /** `0.25` is a quarter slower. */
  readonly change: number;
  readonly n: number;
  readonly reason: string;
}

/** Where the rollback speed is going. */
export function trend(recent: readonly Drilled[]): Known<Trend> {
  const speeds = speedsOf(recent);
  const newest = speeds.slice(-TREND_DRILLS);
  const before = speeds.slice(-2 * TREND_DRILLS, -TREND_DRILLS);
  if (before.length < FEWEST_DRILLS) {
    const needed = TREND_DRILLS + FEWEST_DRILLS;
    return unknown(`${drills(speeds.length)} with a known rollback speed < ${needed} that make a trend`);
  }
  const compared = { recentMedianMs: middle(newest), beforeMedianMs: middle(before) };
  const change = changeOf(compared.recentMedianMs, compared.beforeMedianMs);
  const direction = change > TREND_CHANGE ? 'slower' : change < -TREND_CHANGE ? 'faster' : 'steady';
  const reason = `median of the last ${newest.length}: ${compared.recentMedianMs} ms, of the ${before.length} before: ${compared.beforeMedianMs} ms; ${signed(change)}, up to ${TREND_CHANGE} either way is steady`;
  return { value: { direction, ...compared, change, n: newest.length + before.length, reason } };
}

export interface Regression {
  readonly regressed: boolean;
  readonly number: number;
  readonly speedMs: number;
  readonly medianMs: number;
  readonly change: number;
  readonly allowedChange: number;
  /** How many drills the median is made of, at most eight. */
  readonly n: number;
  readonly reason: string;
}

/** Whether the newest drill was slower than those before it. */
export function regression(recent: readonly Drilled[]): Known<Regression> {
  const known = recent.filter(isCounted).filter(({ rollbackSpeedMs }) => rollbackSpeedMs !== null);
  const newest = known.at(-1);
  const before = speedsOf(known.slice(0, -1)).slice(-REGRESSION_DRILLS);
  if (!newest || before.length < FEWEST_DRILLS)
    return unknown(`${drills(before.length)} before the newest < ${FEWEST_DRILLS} to compare it with`);
  const speedMs = newest.rollbackSpeedMs ?? 0;
  const medianMs = middle(before);
  const change = changeOf(speedMs, medianMs);
  const regressed = change > REGRESSION_CHANGE;
  const reason = `drill ${newest.number}: ${speedMs} ms, median of the ${before.length} before: ${medianMs} ms; ${signed(change)} ${regressed ? '>' : '≤'} ${REGRESSION_CHANGE}`;
  return {
    value: {
      regressed,
      number: newest.number,
      speedMs,
      medianMs,
      change,
      allowedChange: REGRESSION_CHANGE,
      n: before.length,
      reason,
    },
  };
}

export function unknown(reason: string): { readonly value: null; readonly reason: string } {
  return { value: null, reason };
}

export function drills(count: number): string {
  return count === 1 ? '1 drill' : `${count} drills`;
}

function speedsOf(recent: readonly Drilled[]): readonly number[] {
  return recent.filter(isCounted).flatMap(({ rollbackSpeedMs }) => rollbackSpeedMs ?? []);
}

/** Never of no values. */
function middle(values: readonly number[]): number {
  return median(values) ?? 0;
}

/** To four places. A speed of nothing cannot grow by a share: it is taken for one millisecond. */
function changeOf(now: number, before: number): number {
  return Math.round(((now - before) / Math.max(1, before)) * 10_000) / 10_000;
}

function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}

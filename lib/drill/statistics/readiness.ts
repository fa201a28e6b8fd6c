import { shareOf } from '../share.ts';
import { drills, type Known, unknown } from './course.ts';
import { isCounted } from './drilled.ts';
import type { Statistics } from './statistics.ts';

export const DAY_MS = 86_400_000;

/** A pass proves half as much after so many days. */
export const HALF_LIFE_DAYS = 90;

/** The success of so many of the newest counted drills is asked for. */
export const READINESS_DRILLS = 5;

export interface Readiness {
  /** From 0 to 100, to one place. */
  readonly score: number;
  readonly reason: string;
}

/** How much the drills say of the next rollback, on a day. It falls while nobody drills. */
export function readiness(statistics: Statistics, asOf: number): Known<Readiness> {
  const counted = statistics.recent.filter(isCounted);
  const newest = counted.at(-1);
  if (!newest) return unknown('there is no drill that counts');
  if (statistics.lastPass === null) return { value: { score: 0, reason: 'no drill has passed' } };
  const days = (asOf - Date.parse(statistics.lastPass.at)) / DAY_MS;
  if (days < 0) return unknown(afterwards(statistics.lastPass.at));
  const last = counted.slice(-READINESS_DRILLS);
  const passed = last.filter(({ outcome }) => outcome === 'passed').length;
  const completeness = newest.completeness ?? 0;
  const score = 100 * completeness * shareOf(passed, last.length) * 0.5 ** (days / HALF_LIFE_DAYS);
  const reason = `100 × completeness ${completeness} of drill ${newest.number} × ${passed} of the last ${drills(last.length)} passed × 0.5^(${toOnePlace(days)} days since the last pass ÷ ${HALF_LIFE_DAYS})`;
  return { value: { score: toOnePlace(score), reason } };
}

/** Whole days from the last drill that passed. */
export function daysSinceLastPass({ lastPass }: Statistics, asOf: number): Known<number> {
  if (lastPass === null) return unknown('no drill has passed');
  const days = Math.floor((asOf - Date.parse(lastPass.at)) / DAY_MS);
  return days < 0 ? unknown(afterwards(lastPass.at)) : { value: days };
}

function afterwards(at: string): string {
  return `the last pass, at ${at}, is later than the day that is asked for`;
}

function toOnePlace(value: number): number {
  return Math.round(value * 10) / 10;
}

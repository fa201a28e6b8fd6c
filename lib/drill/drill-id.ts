import { iso } from './clock.ts';
import { digestOf } from './digest.ts';

/** Names of executions have at most 80 characters. */
const LONGEST_PLAN = 40;
const DIGITS = 8;

/**
 * The id of a drill of a plan: by when it was started, epoch milliseconds, or by what stands for it. The same for the same
 * start of the same plan, and no other.
 */
export function drillIdAt(plan: string, start: number | string): string {
  const which = typeof start === 'number' ? iso(start).replaceAll(/[-:.]/g, '') : start;
  return `${inBrief(plan)}-${which}`;
}

/** Long names that begin alike stay apart. */
function inBrief(plan: string): string {
  if (plan.length <= LONGEST_PLAN) return plan;
  return `${plan.slice(0, LONGEST_PLAN - DIGITS - 1)}-${digestOf(plan).slice(-DIGITS)}`;
}

import { iso } from './clock.ts';

/** Names of executions have at most 80 characters. */
const LONGEST_PLAN = 40;

/** The id of a drill of a plan: by when it was started, epoch milliseconds, or by what stands for it. */
export function drillIdAt(plan: string, start: number | string): string {
  const which = typeof start === 'number' ? iso(start).replaceAll(/[-:.]/g, '') : start;
  return `${plan.slice(0, LONGEST_PLAN)}-${which}`;
}

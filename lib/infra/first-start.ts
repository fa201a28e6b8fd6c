import type { Schedule } from '../drill/plan/plan.ts';

/** Longer than a deployment takes, so that none of them meets the moment at which a drill starts. */
const DEPLOYMENT_MS = 3_600_000;

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * When the schedule begins, epoch milliseconds; `undefined` for at once. EventBridge Scheduler refuses a start that has
 * passed, and a rate without a start fires at once: a rate goes on in its own rhythm, at the next beat that lies ahead.
 */
export function firstStart(
  { expression, start }: Pick<Schedule, 'expression' | 'start'>,
  now: number,
): number | undefined {
  const soonest = now + DEPLOYMENT_MS;
  const written = start === undefined ? undefined : Date.parse(start);
  const rateMs = periodOf(expression);
  if (rateMs === undefined) return written !== undefined && written > soonest ? written : undefined;
  const anchor = written ?? soonest;
  const beats = Math.max(0, Math.ceil((soonest - anchor) / rateMs));
  return anchor + beats * rateMs;
}

function periodOf(expression: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MS[unit] ?? 0);
}

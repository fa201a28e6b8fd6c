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
  return beatFrom(soonest, written ?? soonest, rateMs);
}

/** The beat of a rate that is left out, because the deployment may still be under way then; epoch milliseconds. */
export function skippedStart(
  { expression, start }: Pick<Schedule, 'expression' | 'start'>,
  now: number,
): number | undefined {
  const rateMs = periodOf(expression);
  if (rateMs === undefined || start === undefined) return undefined;
  const next = beatFrom(now, Date.parse(start), rateMs);
  return next < now + DEPLOYMENT_MS ? next : undefined;
}

/** The first one at that time or after it. */
function beatFrom(soonest: number, anchor: number, rateMs: number): number {
  return anchor + Math.max(0, Math.ceil((soonest - anchor) / rateMs)) * rateMs;
}

function periodOf(expression: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MS[unit] ?? 0);
}

import { type Cron, nextCron, parseCron } from './cron.ts';
import { nearestInstantOf } from './wall-clock.ts';

export type Expression =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron; readonly timeZone: string };

/** When a schedule happens. Start and end are for recurring schedules only. */
export interface Timing {
  readonly expression: Expression;
  /** From where a rate counts. */
  readonly anchorMs: number;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Throws with the reason when the expression is none. */
export function parseExpression(text: string, timeZone: string): Expression {
  const [, kind, argument = ''] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'at') return { kind, atMs: nearestInstantOf(parseAt(argument), timeZone) };
  if (kind === 'rate') return { kind, everyMs: parseRate(argument) };
  if (kind === 'cron') return { kind, cron: parseCron(argument), timeZone };
  throw new Error('it is none of at(…), rate(…) and cron(…)');
}

/** The first occurrence after `afterMs`, if there is one. */
export function nextOccurrence(timing: Timing, afterMs: number): number | undefined {
  const { expression, startMs = Number.NEGATIVE_INFINITY, endMs = Number.POSITIVE_INFINITY } = timing;
  if (expression.kind === 'at') return expression.atMs > afterMs ? expression.atMs : undefined;
  const fromMs = Math.max(afterMs, startMs - 1);
  const next =
    expression.kind === 'rate'
      ? nextRate(timing.anchorMs, expression.everyMs, fromMs)
      : nextCron(expression.cron, fromMs, expression.timeZone);
  return next !== undefined && next <= endMs ? next : undefined;
}

/** The last occurrence after `afterMs` and not after `nowMs`. `afterMs` should not be long ago. */
export function latestOccurrence(timing: Timing, afterMs: number, nowMs: number): number | undefined {
  let latest: number | undefined;
  for (let next = nextOccurrence(timing, afterMs); next !== undefined && next <= nowMs; ) {
    latest = next;
    next = nextOccurrence(timing, next);
  }
  return latest;
}

function nextRate(anchorMs: number, everyMs: number, afterMs: number): number {
  return anchorMs + Math.max(0, Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
}

function parseAt(text: string): number {
  const wellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text);
  const wallClockMs = Date.parse(`${text}Z`);
  if (!wellFormed || Number.isNaN(wallClockMs) || !new Date(wallClockMs).toISOString().startsWith(text))
    throw new Error('at takes yyyy-mm-ddThh:mm:ss');
  return wallClockMs;
}

function parseRate(text: string): number {
  const [, value, unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (!value || !unitMs) throw new Error('rate takes a positive number of minutes, hours or days');
  return Number(value) * unitMs;
}

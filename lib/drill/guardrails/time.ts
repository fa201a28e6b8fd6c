import { iso } from '../clock.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Guardrails } from '../plan/plan.ts';
import { type Check, judged } from './check.ts';
import { localTime } from './local-time.ts';

/** A drill starts only within a window, if the plan has any. */
export function timeWindow(windows: Guardrails['windows'], now: number): Check {
  const name = 'time-window';
  if (windows.length === 0) return judged(name, true, 'the plan allows any time');
  const open = windows.find((window) => isWithin(window, now));
  const found = [...new Set(windows.map(({ timezone }) => timezone))].map((zone) => shown(now, zone));
  const allowed = (open ? [open] : windows).map(
    ({ days, from, to, timezone }) => `${days.join(', ')} ${from}–${to} ${timezone}`,
  );
  return judged(
    name,
    open !== undefined,
    `it is ${found.join(', ')}; ${open ? 'within' : 'allowed is'} ${allowed.join(' or ')}`,
  );
}

/** No drill starts in a change freeze; its first and its last day belong to it. */
export function changeFreeze(freezes: Guardrails['freezes'], now: number): Check {
  const name = 'change-freeze';
  if (freezes.length === 0) return judged(name, true, 'the plan has no change freeze');
  const frozen = freezes.find(({ from, to, timezone }) => {
    const { date } = localTime(now, timezone);
    return from <= date && date <= to;
  });
  if (!frozen) return judged(name, true, `${iso(now)} lies in none of ${freezes.length} change freezes`);
  const { from, to, timezone, reason } = frozen;
  const found = `it is ${shown(now, timezone)}, in the change freeze from ${from} to ${to} (${reason})`;
  return judged(name, false, `${found}; a drill may start after it`);
}

/** A change calendar at the moment of the check. */
export interface CalendarState {
  readonly name: string;
  readonly state: 'OPEN' | 'CLOSED';
  /** When that changes, if it does. */
  readonly until: string | null;
}

export function changeCalendar(calendars: readonly CalendarState[]): Check {
  const name = 'change-calendar';
  if (calendars.length === 0) return judged(name, true, 'the plan names no change calendar');
  const told = calendars.map(
    (calendar) => `${calendar.name} is ${calendar.state}${calendar.until ? ` until ${calendar.until}` : ''}`,
  );
  const open = calendars.every(({ state }) => state === 'OPEN');
  return judged(name, open, `${told.join(', ')}; OPEN is allowed`);
}

/** A drill that the schedule wanted long ago does not start now. Drills that people start are never late. */
export function missedSchedule(
  scheduledAt: string | undefined,
  startWithinMs: number | undefined,
  startedAt: number,
): Check {
  const name = 'missed-schedule';
  if (scheduledAt === undefined) return judged(name, true, 'the drill was not started by a schedule');
  const lateMs = startedAt - Date.parse(scheduledAt);
  if (Number.isNaN(lateMs)) return judged(name, false, `scheduled for "${scheduledAt}", which is no time`);
  if (startWithinMs === undefined)
    return judged(name, false, `scheduled for ${scheduledAt}, but the plan has no schedule any more`);
  return judged(
    name,
    lateMs <= startWithinMs,
    `scheduled for ${scheduledAt}, started ${formatDuration(lateMs)} later; at most ${formatDuration(startWithinMs)} is allowed`,
  );
}

/** The target has been left alone for long enough. */
export function settled(lastDeployedAt: string | null, settledForMs: number | undefined, now: number): Check {
  const name = 'settled';
  if (settledForMs === undefined)
    return judged(name, true, 'the plan does not ask how old the last deployment is');
  if (lastDeployedAt === null)
    return judged(
      name,
      false,
      `the target does not tell when it was last deployed; ${formatDuration(settledForMs)} ago is allowed`,
    );
  const ageMs = now - Date.parse(lastDeployedAt);
  return judged(
    name,
    ageMs >= settledForMs,
    `last deployed at ${lastDeployedAt}, ${formatDuration(ageMs)} ago; at least ${formatDuration(settledForMs)} ago is allowed`,
  );
}

function isWithin({ days, from, to, timezone }: Guardrails['windows'][number], now: number): boolean {
  const { day, time } = localTime(now, timezone);
  return days.includes(day) && from <= time && time < to;
}

function shown(now: number, timezone: string): string {
  const { day, date, time } = localTime(now, timezone);
  return `${day} ${date} ${time} ${timezone}`;
}

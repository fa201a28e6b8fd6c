import type { Day } from '../plan/guardrails.ts';

/** A moment as a clock on the wall of a time zone shows it. */
export interface LocalTime {
  readonly day: Day;
  /** `2026-12-20` */
  readonly date: string;
  /** `09:05`, from `00:00` to `23:59` */
  readonly time: string;
}

export function localTime(atMs: number, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((found) => found.type === type)?.value ?? '';
  return {
    day: part('weekday').toLowerCase() as Day,
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

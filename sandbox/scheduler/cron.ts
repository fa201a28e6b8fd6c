import { instantOf, wallClockOf } from './wall-clock.ts';

/** The values that each field of a cron expression allows. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 1 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  /** Which one of the month: the second of `3#2`. */
  readonly ofMonth: number | undefined;
  readonly years: ReadonlySet<number>;
}

interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const LAST_YEAR = 2199;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Takes AWS's six fields: minutes, hours, day of month, month, day of week, year. Throws with the reason. */
export function parseCron(text: string): Cron {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...others] = text.trim().split(/\s+/);
  if (!minutes || !hours || !dayOfMonth || !month || !dayOfWeek || !year || others.length > 0)
    throw new Error('cron takes six fields: minutes hours day-of-month month day-of-week year');
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new Error('exactly one of day-of-month and day-of-week must be ?');
  if (dayOfWeek.includes('/')) throw new Error('day-of-week takes no step');
  return {
    minutes: parseField(minutes, { title: 'minutes', min: 0, max: 59 }),
    hours: parseField(hours, { title: 'hours', min: 0, max: 23 }),
    daysOfMonth: parseField(dayOfMonth.replace(/^\?$/, '*'), { title: 'day-of-month', min: 1, max: 31 }),
    months: parseField(month, { title: 'month', min: 1, max: 12, names: MONTHS }),
    ...parseDaysOfWeek(dayOfWeek.replace(/^\?$/, '*')),
    years: parseField(year, { title: 'year', min: 1970, max: LAST_YEAR }),
  };
}

/**
 * The first instant after `afterMs`, or `undefined` when there is none until 2199. As on AWS, a time that daylight
 * saving skips is skipped, and one that it repeats happens once.
 */
export function nextCron(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  for (const wallClockMs of wallClocks(cron, wallClockOf(afterMs, timeZone))) {
    const instantMs = instantOf(wallClockMs, timeZone);
    if (instantMs !== undefined && instantMs > afterMs) return instantMs;
  }
  return undefined;
}

/** Bounded by the last year that AWS knows: some 60,000 days to look at for an expression that never comes true. */
function* wallClocks(cron: Cron, fromMs: number): Generator<number> {
  const endMs = Date.UTC(LAST_YEAR + 1, 0);
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < endMs; dayMs += DAY_MS) {
    if (!isDay(cron, new Date(dayMs))) continue;
    for (const hour of ascending(cron.hours))
      for (const minute of ascending(cron.minutes)) {
        const wallClockMs = dayMs + hour * HOUR_MS + minute * MINUTE_MS;
        if (wallClockMs >= fromMs) yield wallClockMs;
      }
  }
}

function isDay(cron: Cron, day: Date): boolean {
  return (
    cron.years.has(day.getUTCFullYear()) &&
    cron.months.has(day.getUTCMonth() + 1) &&
    cron.daysOfMonth.has(day.getUTCDate()) &&
    cron.daysOfWeek.has(day.getUTCDay() + 1) &&
    (cron.ofMonth === undefined || cron.ofMonth === Math.ceil(day.getUTCDate() / 7))
  );
}

function parseDaysOfWeek(text: string): Pick<Cron, 'daysOfWeek' | 'ofMonth'> {
  const [, day = text, ofMonth] = /^([1-7])#([1-5])$/.exec(text) ?? [];
  const daysOfWeek = parseField(day, { title: 'day-of-week', min: 1, max: 7, names: DAYS });
  return { daysOfWeek, ofMonth: ofMonth === undefined ? undefined : Number(ofMonth) };
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

function parseField(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((part) => parsePart(part, field)));
}

function parsePart(text: string, field: Field): number[] {
  const [range = '', step, ...others] = text.split('/');
  const stride = step === undefined ? 1 : Number(step);
  if (others.length > 0 || !/^[1-9]\d*$/.test(step ?? '1')) throw malformed(text, field);
  const [first, last] = parseRange(range, field, step !== undefined);
  const values: number[] = [];
  for (let value = first; value <= last; value += stride) values.push(value);
  return values;
}

/** `5/10` starts at 5 and goes on to the end; `5` is only 5. */
function parseRange(text: string, field: Field, stepped: boolean): [number, number] {
  if (text === '*') return [field.min, field.max];
  const [from = '', to, ...others] = text.split('-');
  const first = parseValue(from, field);
  const last = to === undefined ? (stepped ? field.max : first) : parseValue(to, field);
  if (others.length > 0 || last < first) throw malformed(text, field);
  return [first, last];
}

function parseValue(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + field.min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.min && value <= field.max)) throw malformed(text, field);
  return value;
}

function malformed(text: string, { title, min, max }: Field): Error {
  const wild = /[LW]/i.test(text) ? ' The sandbox does not support L and W.' : '';
  return new Error(`'${text}' is not valid for ${title} (${min}-${max}).${wild}`);
}

import * as v from 'valibot';
import { must, section } from './fields.ts';
import { wrong } from './message.ts';
import { duration } from './words.ts';

/** When EventBridge Scheduler starts the drill by itself. */
export function schedule() {
  return section({
    expression: v.pipe(
      expression(),
      v.description('when the drill runs: cron(0 9 ? * TUE *) or rate(7 days)'),
    ),
    timezone: v.exactOptional(v.pipe(timeZone(), v.description('the IANA time zone of the expression'))),
    start: v.exactOptional(
      v.pipe(start(), v.description('the first moment at which the drill may run; a rate counts from here')),
    ),
    startWithin: v.optional(
      v.pipe(
        duration('1m', '24h'),
        v.description('how late a drill may start; one that missed its time by more does not'),
      ),
      '15m',
    ),
  });
}

/** An IANA time zone. */
export function timeZone() {
  const message = must('an IANA time zone like Europe/Berlin or UTC');
  return v.pipe(v.string(message), v.check(isTimeZone, message));
}

/** A day of the calendar, like 2026-12-20. */
export function date() {
  const message = must('a day like 2026-12-20');
  return v.pipe(
    v.string(message),
    v.regex(/^\d{4}-\d{2}-\d{2}$/, message),
    v.check((written) => isRealDay(`${written}T00:00:00Z`), message),
  );
}

/** `rate(…)`, whose first run is counted from a start. */
export function isRate(written: string): boolean {
  return written.startsWith('rate(');
}

interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: RegExp;
}

const MONTHS = /^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)$/;
const DAYS = /^(SUN|MON|TUE|WED|THU|FRI|SAT|L|[1-7]L|[1-7]#[1-5])$/;

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const CRON: readonly CronField[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31, words: /^(L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of week', least: 1, most: 7, words: DAYS },
  { name: 'year', least: 1970, most: 2199 },
];
const EXAMPLES = 'cron(0 9 ? * TUE *) or rate(7 days)';

function expression() {
  const message = must(`a schedule like ${EXAMPLES}`);
  return v.pipe(
    v.string(message),
    v.maxLength(256, message),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? problemOf(dataset.value) : undefined;
      if (problem) addIssue({ message: wrong(problem, dataset.value) });
    }),
  );
}

function problemOf(written: string): string | undefined {
  const [, kind, inner = ''] = /^(cron|rate)\(([^()]*)\)$/.exec(written) ?? [];
  if (kind === 'cron') return problemOfCron(inner.trim().split(/\s+/));
  return kind === 'rate' ? problemOfRate(inner) : `a schedule like ${EXAMPLES}`;
}

/** A drill lasts longer than some minutes, and the next one cannot start before it has ended. */
function problemOfRate(inner: string): string | undefined {
  const [, count = '0', unit, plural] = /^([1-9]\d{0,3}) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  if (!unit) return 'a rate like rate(1 day), rate(7 days) or rate(12 hours)';
  if ((count === '1') === (plural === 's'))
    return `a rate whose unit fits its number: rate(${count} ${unit}${count === '1' ? '' : 's'})`;
  return unit === 'minute' && Number(count) < 60
    ? 'a rate of at least one hour: a drill needs its time'
    : undefined;
}

function problemOfCron(fields: readonly string[]): string | undefined {
  if (fields.length !== CRON.length)
    return `cron(…) with six fields (${CRON.map((field) => field.name).join(', ')})`;
  const unfit = CRON.find((field, index) => !fits(field, fields[index] ?? ''));
  if (unfit) return `cron(…) whose ${unfit.name} is from ${unfit.least} to ${unfit.most}`;
  const open = [fields[2], fields[4]].filter((field) => field === '?').length;
  return open === 1 ? undefined : "cron(…) with '?' as day of month or as day of week, and not both";
}

function fits({ name, least, most, words }: CronField, written: string): boolean {
  if (written === '?') return name.startsWith('day of');
  return written.split(',').every((item) => {
    const [range = '', step, ...rest] = item.split('/');
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
    const ends = range.split('-');
    return range === '*' || (ends.length <= 2 && ends.every((end) => isValue(end)));
  });

  function isValue(written: string): boolean {
    if (words?.test(written)) return true;
    return /^\d{1,4}$/.test(written) && Number(written) >= least && Number(written) <= most;
  }
}

function isTimeZone(written: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,49}$/.test(written)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }) !== undefined;
  } catch {
    return false;
  }
}

function start() {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
  const message = must('a moment with its offset like 2026-11-03T09:00:00Z');
  return v.pipe(v.string(message), v.regex(form, message), v.check(isRealDay, message));
}

/** JavaScript reads 31 February as 3 March; a person meant neither. */
function isRealDay(written: string): boolean {
  const day = new Date(`${written.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(written)) &&
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(written.slice(0, 10))
  );
}

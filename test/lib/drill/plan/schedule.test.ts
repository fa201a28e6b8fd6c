import { describe, expect, test } from 'vitest';
import { changed, errorsOf } from './example.ts';

function errorsOfSchedule(schedule: Readonly<Record<string, string>>): string[] {
  return errorsOf(changed(['detectWithin: 2m', `detectWithin: 2m\nschedule: ${JSON.stringify(schedule)}`]));
}

const FIELDS = 'cron(…) with six fields (minutes, hours, day of month, month, day of week, year)';

describe('the expression', () => {
  test.each([
    ['every tuesday', 'a schedule like cron(0 9 ? * TUE *) or rate(7 days)'],
    ['at(2026-11-03T09:00:00)', 'a schedule like cron(0 9 ? * TUE *) or rate(7 days)'],
    ['cron(0 9 * * *)', FIELDS],
    ['cron()', FIELDS],
    ['cron(60 9 ? * TUE *)', 'cron(…) whose minutes is from 0 to 59'],
    ['cron(0 24 ? * TUE *)', 'cron(…) whose hours is from 0 to 23'],
    ['cron(0 9 0 * ? *)', 'cron(…) whose day of month is from 1 to 31'],
    ['cron(0 9 ? 13 TUE *)', 'cron(…) whose month is from 1 to 12'],
    ['cron(0 9 ? * TUESDAY *)', 'cron(…) whose day of week is from 1 to 7'],
    ['cron(0 9 ? * TUE 1969)', 'cron(…) whose year is from 1970 to 2199'],
    ['cron(0 ? 1 * ? *)', 'cron(…) whose hours is from 0 to 23'],
    ['cron(0/0 9 ? * TUE *)', 'cron(…) whose minutes is from 0 to 59'],
    ['cron(0 9 * * TUE *)', "cron(…) with '?' as day of month or as day of week, and not both"],
    ['cron(0 9 ? * ? *)', "cron(…) with '?' as day of month or as day of week, and not both"],
    ['rate(1 week)', 'a rate like rate(1 day), rate(7 days) or rate(12 hours)'],
    ['rate(0 days)', 'a rate like rate(1 day), rate(7 days) or rate(12 hours)'],
    ['rate(7 day)', 'a rate whose unit fits its number: rate(7 days)'],
    ['rate(1 days)', 'a rate whose unit fits its number: rate(1 day)'],
    ['rate(59 minutes)', 'a rate of at least one hour: a drill needs its time'],
  ])('refuses %s', (expression, allowed) => {
    const start = '2026-11-03T09:00:00Z';
    expect(errorsOfSchedule({ expression, start })).toEqual([
      `schedule.expression (line 24): must be ${allowed}; received "${expression}".`,
    ]);
  });

  test.each([
    'cron(0 9 ? * TUE *)',
    'cron(0 9 ? * 3#1 *)',
    'cron(0 9 ? * 6L *)',
    'cron(0/30 8-17 ? JAN,APR,JUL,OCT MON-FRI 2026-2030)',
    'cron(0 9 L * ? *)',
    'cron(0 9 15W */3 ? *)',
  ])('takes %s', (expression) => expect(errorsOfSchedule({ expression })).toEqual([]));

  test.each(['rate(1 day)', 'rate(90 days)', 'rate(60 minutes)', 'rate(12 hours)'])(
    'takes %s',
    (expression) => expect(errorsOfSchedule({ expression, start: '2026-11-03T09:00:00+01:00' })).toEqual([]),
  );
});

describe('time zone and start', () => {
  const expression = 'cron(0 9 ? * TUE *)';

  test.each(['Berlin', 'Europe/Nowhere', '', '+01:00'])('refuses %j as a time zone', (timezone) => {
    expect(errorsOfSchedule({ expression, timezone })).toEqual([
      `schedule.timezone (line 24): must be an IANA time zone like Europe/Berlin or UTC; received "${timezone}".`,
    ]);
  });

  test.each([
    'tomorrow',
    '2026-11-03',
    '2026-11-03T09:00:00',
    '2026-02-31T09:00:00Z',
    '2026-11-03T25:00:00Z',
  ])('refuses %j as a start', (start) => {
    expect(errorsOfSchedule({ expression, start })).toEqual([
      `schedule.start (line 24): must be a moment with its offset like 2026-11-03T09:00:00Z; received "${start}".`,
    ]);
  });

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])(
    'takes the time zone %s',
    (timezone) =>
      expect(errorsOfSchedule({ expression, timezone, start: '2028-02-29T09:00:00Z' })).toEqual([]),
  );
});

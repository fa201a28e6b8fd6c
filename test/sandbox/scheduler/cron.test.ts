import { describe, expect, test } from 'vitest';
import { nextCron, parseCron } from '../../../sandbox/scheduler/cron.ts';

test.each([
  ['five fields', '0 10 * * ?', 'six fields'],
  ['seven fields', '0 10 * * ? * *', 'six fields'],
  ['both kinds of days', '0 10 * * * *', 'exactly one'],
  ['no kind of days', '0 10 ? * ? *', 'exactly one'],
  ['a minute that no hour has', '60 10 * * ? *', "'60' is not valid for minutes (0-59)"],
  ['day zero', '0 10 0 * ? *', 'day-of-month'],
  ['an unknown month', '0 10 1 XXX ? *', 'month'],
  ['an eighth day of the week', '0 10 ? * 8 *', 'day-of-week'],
  ['a backward range', '0 18-8 * * ? *', 'hours'],
  ['a step of zero', '*/0 * * * ? *', 'minutes'],
  ['a step of days of the week', '0 0 ? * 1/2 *', 'no step'],
  ['two steps', '0/5/5 * * * ? *', 'minutes'],
  ['an empty element', '0,,5 * * * ? *', 'minutes'],
  ['a ? that is not for days', '? * * * ? *', "'?' is not valid for minutes"],
  ['the last day', '0 0 L * ? *', 'does not support L and W'],
  ['the nearest weekday', '0 0 15W * ? *', 'does not support L and W'],
  ['a sixth Monday', '0 0 ? * 2#6 *', 'day-of-week'],
])('refuses %s', (_title, text, reason) => {
  expect(() => parseCron(text)).toThrow(reason);
});

describe.each([
  ['every minute', '* * * * ? *', '2026-11-21T10:00:30Z', ['2026-11-21T10:01Z', '2026-11-21T10:02Z']],
  [
    'the second Tuesday of a quarter',
    '0 10 ? 1,4,7,10 3#2 *',
    '2026-11-21T10:00:00Z',
    ['2027-01-12T10:00Z', '2027-04-13T10:00Z', '2027-07-13T10:00Z', '2027-10-12T10:00Z'],
  ],
  ['a daily time', '0 10 * * ? *', '2026-11-21T10:00:00Z', ['2026-11-22T10:00Z', '2026-11-23T10:00Z']],
  ['a step', '0/15 * * * ? *', '2026-11-21T10:50Z', ['2026-11-21T11:00Z', '2026-11-21T11:15Z']],
  [
    'a step from',
    '5/20 9 * * ? *',
    '2026-11-21T09:06Z',
    ['2026-11-21T09:25Z', '2026-11-21T09:45Z', '2026-11-22T09:05Z'],
  ],
  [
    'a stepped range',
    '0 8-12/2 * * ? *',
    '2026-11-21T09:00Z',
    ['2026-11-21T10:00Z', '2026-11-21T12:00Z', '2026-11-22T08:00Z'],
  ],
  ['a list', '0 6,18 * * ? *', '2026-11-21T10:00Z', ['2026-11-21T18:00Z', '2026-11-22T06:00Z']],
  ['working days', '0 10 ? * MON-FRI *', '2026-11-20T12:00Z', ['2026-11-23T10:00Z', '2026-11-24T10:00Z']],
  [
    'Sundays, which are day 1',
    '0 10 ? * 1 *',
    '2026-11-21T00:00Z',
    ['2026-11-22T10:00Z', '2026-11-29T10:00Z'],
  ],
  ['a month by name', '0 0 1 jan ? *', '2026-11-21T00:00Z', ['2027-01-01T00:00Z', '2028-01-01T00:00Z']],
  [
    'the 31st, where there is one',
    '0 0 31 * ? *',
    '2026-11-21T00:00Z',
    ['2026-12-31T00:00Z', '2027-01-31T00:00Z', '2027-03-31T00:00Z'],
  ],
  ['leap days', '0 0 29 2 ? *', '2026-11-21T00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  [
    'years',
    '0 0 1 1 ? 2030,2040',
    '2026-11-21T00:00Z',
    ['2030-01-01T00:00Z', '2040-01-01T00:00Z', undefined],
  ],
  ['a past year', '0 0 1 1 ? 2020', '2026-11-21T00:00Z', [undefined]],
  ['a day that never comes', '0 0 30 2 ? *', '2026-11-21T00:00Z', [undefined]],
])('%s', (_title, text, after, expected) => {
  test(`${text} after ${after}`, () => {
    expect(occurrences(text, after, 'UTC', expected.length)).toEqual(expected);
  });
});

describe.each([
  ['a zone east of UTC', '30 9 * * ? *', 'Asia/Kolkata', '2026-11-21T00:00Z', ['2026-11-21T04:00Z']],
  [
    'a zone where it is still yesterday',
    '0 22 ? * FRI *',
    'America/New_York',
    '2026-11-21T00:00Z',
    ['2026-11-21T03:00Z'],
  ],
  [
    'summer and winter',
    '0 10 1 1,7 ? *',
    'Europe/Zurich',
    '2026-11-21T00:00Z',
    ['2027-01-01T09:00Z', '2027-07-01T08:00Z'],
  ],
  [
    'a skipped time, which is left out',
    '30 2 * * ? *',
    'Europe/Zurich',
    '2027-03-27T00:00Z',
    ['2027-03-27T01:30Z', '2027-03-29T00:30Z'],
  ],
  [
    'a repeated time, which happens once',
    '30 2 * * ? *',
    'Europe/Zurich',
    '2027-10-30T12:00Z',
    ['2027-10-31T00:30Z', '2027-11-01T01:30Z'],
  ],
  [
    'after the first of two equal times',
    '0/30 * * * ? *',
    'Europe/Zurich',
    '2027-10-31T00:30Z',
    ['2027-10-31T02:00Z'],
  ],
  [
    'within the second of two equal times',
    '0/30 * * * ? *',
    'Europe/Zurich',
    '2027-10-31T01:10Z',
    ['2027-10-31T02:00Z'],
  ],
])('in %s', (_title, text, timeZone, after, expected) => {
  test(`${text} in ${timeZone} after ${after}`, () => {
    expect(occurrences(text, after, timeZone, expected.length)).toEqual(expected);
  });
});

function occurrences(text: string, after: string, timeZone: string, count: number): (string | undefined)[] {
  const cron = parseCron(text);
  const found: (string | undefined)[] = [];
  for (let fromMs = Date.parse(after); found.length < count; ) {
    const next = nextCron(cron, fromMs, timeZone);
    found.push(next === undefined ? undefined : new Date(next).toISOString().replace(':00.000Z', 'Z'));
    if (next === undefined) break;
    fromMs = next;
  }
  return found;
}

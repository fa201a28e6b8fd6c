import { describe, expect, test } from 'vitest';
import {
  changeCalendar,
  changeFreeze,
  missedSchedule,
  settled,
  timeWindow,
} from '../../../../lib/drill/guardrails/time.ts';

/** A Tuesday: 11:30 in Berlin. */
const NOW = Date.parse('2026-11-03T10:30:00.000Z');
const BERLIN = { timezone: 'Europe/Berlin' };
const WINDOW = { days: ['mon' as const, 'tue' as const], from: '09:00', to: '16:00', ...BERLIN };

describe('the time window', () => {
  test.each([
    ['before it opens', { ...WINDOW, from: '11:31' }],
    ['at the minute in which it has closed', { ...WINDOW, to: '11:30' }],
    ['on another day', { ...WINDOW, days: ['wed' as const] }],
    ['when only another time zone is within it', { ...WINDOW, from: '10:00', to: '11:00' }],
  ])('refuses a drill %s', (_, window) => expect(timeWindow([window], NOW).verdict).toBe('refused'));

  test('tells what time it is, and every window that there is', () => {
    const late = { ...WINDOW, from: '12:00' };
    expect(timeWindow([late, { ...late, days: ['sun'], timezone: 'UTC' }], NOW)).toEqual({
      name: 'time-window',
      verdict: 'refused',
      reason:
        'it is tue 2026-11-03 11:30 Europe/Berlin, tue 2026-11-03 10:30 UTC; allowed is mon, tue 12:00–16:00 Europe/Berlin or sun 12:00–16:00 UTC',
    });
  });

  test('lets a drill start at the minute in which it opens, by its own time zone', () => {
    expect(timeWindow([{ ...WINDOW, from: '11:30' }], NOW)).toEqual({
      name: 'time-window',
      verdict: 'passed',
      reason: 'it is tue 2026-11-03 11:30 Europe/Berlin; within mon, tue 11:30–16:00 Europe/Berlin',
    });
  });

  test('knows the day on which a clock is put back: 02:30 comes twice', () => {
    const window = { ...WINDOW, days: ['sun' as const], from: '02:00', to: '03:00' };
    for (const utc of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
      expect(timeWindow([window], Date.parse(utc)).verdict).toBe('passed');
  });

  test('is open until midnight when it says 24:00', () => {
    const window = { ...WINDOW, from: '00:00', to: '24:00', timezone: 'UTC' };
    expect(timeWindow([window], Date.parse('2026-11-03T23:59:59Z')).verdict).toBe('passed');
    expect(timeWindow([window], Date.parse('2026-11-04T00:00:00Z')).verdict).toBe('refused');
  });

  test('does not matter to a plan without one', () => expect(timeWindow([], NOW).verdict).toBe('passed'));
});

describe('the change freeze', () => {
  const freeze = { from: '2026-11-03', to: '2026-11-05', reason: 'audit', timezone: 'UTC' };

  test.each(['2026-11-03T00:00:00Z', '2026-11-05T23:59:59Z'])('refuses on its first and last day: %s', (at) =>
    expect(changeFreeze([freeze], Date.parse(at)).verdict).toBe('refused'),
  );

  test('says which one it is and why', () => {
    expect(changeFreeze([freeze], NOW).reason).toBe(
      'it is tue 2026-11-03 10:30 UTC, in the change freeze from 2026-11-03 to 2026-11-05 (audit); a drill may start after it',
    );
  });

  test('ends by its own time zone', () => {
    const at = Date.parse('2026-11-05T23:30:00Z');
    expect(changeFreeze([{ ...freeze, ...BERLIN }], at).verdict).toBe('passed');
    expect(changeFreeze([], at).verdict).toBe('passed');
  });
});

describe('the change calendar', () => {
  test('refuses when one of several is CLOSED', () => {
    const open = { name: 'ops', state: 'OPEN' as const, until: null };
    expect(changeCalendar([open, { name: 'bank', state: 'CLOSED', until: '2027-01-04T00:00:00Z' }])).toEqual({
      name: 'change-calendar',
      verdict: 'refused',
      reason: 'ops is OPEN, bank is CLOSED until 2027-01-04T00:00:00Z; OPEN is allowed',
    });
    expect(changeCalendar([open]).verdict).toBe('passed');
    expect(changeCalendar([]).verdict).toBe('passed');
  });
});

describe('a missed schedule', () => {
  test('does not start a drill that is later than its limit', () => {
    expect(missedSchedule('2026-11-03T10:14:59Z', 900_000, NOW)).toEqual({
      name: 'missed-schedule',
      verdict: 'refused',
      reason: 'scheduled for 2026-11-03T10:14:59Z, started 15m1s later; at most 15m is allowed',
    });
    expect(missedSchedule('2026-11-03T10:15:00Z', 900_000, NOW).verdict).toBe('passed');
  });

  test.each([
    ['a time that cannot be read', '<aws.scheduler.scheduled-time>', 900_000],
    ['a plan that has no schedule any more', '2026-11-03T10:30:00Z', undefined],
  ])('does not start a drill with %s', (_, at, within) =>
    expect(missedSchedule(at, within, NOW).verdict).toBe('refused'),
  );

  test('never holds back what a person starts', () =>
    expect(missedSchedule(undefined, 900_000, NOW).verdict).toBe('passed'));
});

describe('a target that was just deployed', () => {
  test('is not drilled before it has settled', () => {
    expect(settled('2026-11-03T10:21:00.000Z', 600_000, NOW)).toEqual({
      name: 'settled',
      verdict: 'refused',
      reason: 'last deployed at 2026-11-03T10:21:00.000Z, 9m ago; at least 10m ago is allowed',
    });
    expect(settled('2026-11-03T10:20:00.000Z', 600_000, NOW).verdict).toBe('passed');
  });

  test('is not drilled when nobody knows when that was', () =>
    expect(settled(null, 600_000, NOW).verdict).toBe('refused'));

  test('does not matter to a plan that does not ask', () =>
    expect(settled(null, undefined, NOW).verdict).toBe('passed'));
});

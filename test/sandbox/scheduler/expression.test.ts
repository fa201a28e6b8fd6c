import { expect, test } from 'vitest';
import { latestOccurrence, nextOccurrence, parseExpression } from '../../../sandbox/scheduler/expression.ts';

const MINUTE_MS = 60_000;
const anchorMs = Date.parse('2026-11-21T10:00:30Z');

function timing(text: string, options: { timeZone?: string; startMs?: number; endMs?: number } = {}) {
  const expression = parseExpression(text, options.timeZone ?? 'UTC');
  return {
    expression,
    anchorMs: options.startMs ?? anchorMs,
    startMs: options.startMs,
    endMs: options.endMs,
  };
}

test.each([
  'soon',
  'at(tomorrow)',
  'at(2026-02-30T10:00:00)',
  'at(2026-11-21T10:00)',
  'at(2026-11-21T10:00:00Z)',
  'rate(0 minutes)',
  'rate(1.5 hours)',
  'rate(5 seconds)',
  'rate(5)',
  'cron(0 10 * * *)',
  'cron(0 10 * * ? *',
])('refuses %s', (text) => {
  expect(() => parseExpression(text, 'UTC')).toThrow();
});

test('happens once at its time in its time zone', () => {
  const once = timing('at(2026-11-21T10:00:00)', { timeZone: 'America/New_York' });
  const atMs = Date.parse('2026-11-21T15:00:00Z');
  expect(nextOccurrence(once, 0)).toBe(atMs);
  expect(nextOccurrence(once, atMs)).toBeUndefined();
});

test('happens after the gap when daylight saving skips its time', () => {
  const once = timing('at(2027-03-28T02:30:00)', { timeZone: 'Europe/Zurich' });
  expect(nextOccurrence(once, 0)).toBe(Date.parse('2027-03-28T01:30:00Z'));
});

test('counts a rate from its anchor, which is the first occurrence', () => {
  const rate = timing('rate(5 minutes)');
  expect(nextOccurrence(rate, anchorMs - 1)).toBe(anchorMs);
  expect(nextOccurrence(rate, anchorMs)).toBe(anchorMs + 5 * MINUTE_MS);
  expect(nextOccurrence(rate, anchorMs + 12 * MINUTE_MS)).toBe(anchorMs + 15 * MINUTE_MS);
  expect(nextOccurrence(timing('rate(14 days)'), anchorMs)).toBe(anchorMs + 14 * 1440 * MINUTE_MS);
  expect(nextOccurrence(timing('rate(1 hour)'), anchorMs)).toBe(anchorMs + 60 * MINUTE_MS);
});

test('happens neither before its start nor after its end', () => {
  const startMs = anchorMs + 60 * MINUTE_MS;
  const endMs = startMs + 5 * MINUTE_MS;
  const rate = timing('rate(5 minutes)', { startMs, endMs });
  expect(nextOccurrence(rate, 0)).toBe(startMs);
  expect(nextOccurrence(rate, startMs)).toBe(endMs);
  expect(nextOccurrence(rate, endMs)).toBeUndefined();
  const cron = timing('cron(0 * * * ? *)', { startMs: Date.parse('2026-11-21T12:00:00Z') });
  expect(nextOccurrence(cron, anchorMs)).toBe(Date.parse('2026-11-21T12:00:00Z'));
});

test('finds the latest of several occurrences that have passed', () => {
  const rate = timing('rate(5 minutes)');
  expect(latestOccurrence(rate, anchorMs, anchorMs + 4 * MINUTE_MS)).toBeUndefined();
  expect(latestOccurrence(rate, anchorMs, anchorMs + 16 * MINUTE_MS)).toBe(anchorMs + 15 * MINUTE_MS);
});

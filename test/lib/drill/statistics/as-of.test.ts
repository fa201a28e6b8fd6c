import { expect, test } from 'vitest';
import { asOfFrom, sinceFrom } from '../../../../lib/drill/statistics/as-of.ts';

const AS_OF = Date.parse('2026-11-03T10:00:00.000Z');

test.each([
  '',
  'today',
  '2026-11',
  '2026-02-30',
  '2026-13-01',
  '2026-11-03T10:00:00',
  '90d',
  '2026-11-03T25:00:00Z',
])('takes %j for no day', (text) => {
  expect(() => asOfFrom(text)).toThrow(/is no day\. Write 2026-11-03/);
});

test.each(['', '90', 'd', '-90d', '90 d', '99999d', '2026-02-30'])('takes %j for no span', (text) => {
  expect(() => sinceFrom(text, AS_OF)).toThrow(/is no span and no day\. Write 90d/);
});

test('a day lasts until its end, so that its own drills count', () => {
  expect(new Date(asOfFrom('2026-11-03')).toISOString()).toBe('2026-11-03T23:59:59.999Z');
  expect(asOfFrom('2026-11-03T10:00:00Z')).toBe(AS_OF);
});

test('a span ends at the day that is asked for, and a day begins at its beginning', () => {
  expect(sinceFrom('90d', AS_OF)).toBe('2026-08-05T10:00:00.000Z');
  expect(sinceFrom('12h', AS_OF)).toBe('2026-11-02T22:00:00.000Z');
  expect(sinceFrom('2026-08-01', AS_OF)).toBe('2026-08-01T00:00:00.000Z');
});

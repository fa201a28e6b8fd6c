import { describe, expect, test } from 'vitest';
import { judge, type Rule } from '../../../sandbox/cloudwatch/judge.ts';

type State = ReturnType<typeof judge>['value'] | 'keeps';

/** Oldest first: `-` is missing, `0` is fine, `X` breaches. */
function judged(range: string, rule: Partial<Rule>, samples = 1): State {
  const points = range.split(' ').map((sign, index) => {
    if (sign === '-') return undefined;
    return { atMs: index, value: sign === 'X' ? 9 : 0, sampleCount: samples };
  });
  const all: Rule = {
    periods: 3,
    needed: 3,
    breaches: (value) => value > 5,
    missing: 'missing',
    leastSamples: 0,
    ...rule,
  };
  return judge(points.reverse(), all).value ?? 'keeps';
}

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

test('does not alarm when too few datapoints breach', () => {
  expect(judged('- - X X 0', { missing: 'notBreaching' })).toBe('OK');
  expect(judged('X X 0 X X', { needed: 3 })).toBe('OK');
});

test('does not alarm for missing data that is taken for well', () => {
  expect(judged('- - - - -', { missing: 'notBreaching' })).toBe('OK');
  expect(judged('- - - - X', { missing: 'notBreaching', periods: 2, needed: 2 })).toBe('OK');
});

test('does not alarm before the other datapoints have had the time to come', () => {
  expect(judged('- - - - X', {})).toBe('keeps');
  expect(judged('- - - X -', {})).toBe('keeps');
  expect(judged('- - X - -', {})).toBe('ALARM');
});

test('takes no old datapoint as long as there are enough new ones', () => {
  expect(judged('X X 0 0 0', {})).toBe('OK');
  expect(judged('0 0 X X X', {})).toBe('ALARM');
});

/** The tables of "How alarm state is evaluated when data is missing" in the CloudWatch user guide. */
describe.each<[needed: number, string, Record<(typeof TREATMENTS)[number], State>]>([
  [3, '0 - X - X', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  [3, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  [3, '- - - - -', { missing: 'INSUFFICIENT_DATA', ignore: 'keeps', breaching: 'ALARM', notBreaching: 'OK' }],
  [3, '0 X X - X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  [3, '- - X - -', { missing: 'ALARM', ignore: 'keeps', breaching: 'ALARM', notBreaching: 'OK' }],
  [2, '0 - X - X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  [2, '0 0 X 0 X', { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  [2, '0 - X - -', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  [2, '- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  [2, '- - - X -', { missing: 'ALARM', ignore: 'keeps', breaching: 'ALARM', notBreaching: 'OK' }],
])('of 3 datapoints %i are needed, and there are %s', (needed, range, expected) => {
  test.each(TREATMENTS)('with missing data as %s', (missing) => {
    expect(judged(range, { needed, missing })).toBe(expected[missing]);
  });
});

test('a datapoint of too few samples changes nothing', () => {
  const rule = { periods: 1, needed: 1, leastSamples: 1000 };
  expect(judged('- - X', rule, 999)).toBe('keeps');
  expect(judged('- - 0', rule, 999)).toBe('keeps');
  expect(judged('- - X', rule, 1000)).toBe('ALARM');
});

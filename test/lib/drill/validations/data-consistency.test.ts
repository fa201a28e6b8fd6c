import { expect, test } from 'vitest';
import {
  type Assertion,
  judgeDataConsistency,
  type RowsFound,
} from '../../../../lib/drill/validations/data-consistency.ts';

const NONE: Assertion['expect'] = { rows: 'none' };

test.each<
  [
    title: string,
    expect: Assertion['expect'],
    now: RowsFound | undefined,
    before: RowsFound | undefined,
    verdict: string,
    reason: string,
  ]
>([
  ['nothing was asked', NONE, undefined, undefined, 'unknown', 'orders was not asked'],
  ['it could not be asked', NONE, refused(false), number('1'), 'unknown', 'orders: no table'],
  ['it is not understood, and never was', NONE, refused(true), undefined, 'unknown', 'orders: no table'],
  [
    'it is not understood any more',
    NONE,
    refused(true),
    number('1'),
    'failed',
    'orders: no table; before the drill it could be asked',
  ],
  ['rows are found', NONE, number('7'), found(0), 'failed', '1 orders > 0 allowed; before the drill 0'],
  [
    'rows were found before as well',
    NONE,
    found(2, 'a', 'b'),
    found(2),
    'failed',
    '2 orders > 0 allowed; before the drill 2',
  ],
  ['a number is another', { equals: 3 }, number('4'), undefined, 'failed', 'orders: 4 ≠ 3 allowed'],
  ['a number is too large', { atMost: 3 }, number('3.5'), undefined, 'failed', 'orders: 3.5 > 3 allowed'],
  ['a number is too small', { atLeast: 3 }, number('-1'), undefined, 'failed', 'orders: -1 < 3 allowed'],
  [
    'orders were lost',
    { atLeast: 'before' },
    number('9'),
    number('10'),
    'failed',
    'orders: 9 < 10 before the drill',
  ],
  [
    'nobody knows what it was',
    { equals: 'before' },
    number('9'),
    undefined,
    'unknown',
    'orders: what it was before the drill is not known',
  ],
  [
    'it was no number before',
    { equals: 'before' },
    number('9'),
    found(2, '1', '2'),
    'unknown',
    'orders: found 2 rows; it must find one, with one number',
  ],
  [
    'it finds null',
    { atMost: 3 },
    found(1, null),
    undefined,
    'unknown',
    'orders: found null; it must find a number',
  ],
  [
    'it finds no row',
    { atMost: 3 },
    found(0),
    undefined,
    'unknown',
    'orders: found 0 rows; it must find one, with one number',
  ],
  [
    'it finds text',
    { atMost: 3 },
    number(' '),
    undefined,
    'unknown',
    'orders: found " "; it must find a number',
  ],
])('does not pass when %s', (_, expected, now, before, verdict, reason) => {
  expect(judged(expected, now, before)).toMatchObject({ verdict, reason });
});

test('rows are shown by their first column, each in one short line', () => {
  const { evidence } = judged(NONE, found(9, 'a\n\u0007b', null, 'x'.repeat(200)), undefined);
  expect(evidence).toEqual([`orders: 9 rows, the first: a b, null, ${'x'.repeat(80)}…`]);
});

test.each<[expect: Assertion['expect'], now: RowsFound, reason: string]>([
  [NONE, found(0), 'orders: 0 rows = 0 allowed'],
  [{ equals: 3 }, number('3.0'), 'orders: 3 = 3 allowed'],
  [{ equals: 'before' }, number('10'), 'orders: 10 = 10 before the drill'],
  [{ atLeast: 'before' }, number('11'), 'orders: 11 ≥ 10 before the drill'],
  [{ atMost: 11 }, number('11'), 'orders: 11 ≤ 11 allowed'],
])('%j passes for what is as it must be', (expected, now, reason) => {
  expect(judged(expected, now, number('10'))).toEqual({ verdict: 'passed', reason, evidence: [] });
});

test('without an assertion nothing is proven', () =>
  expect(judgeDataConsistency([], {}, {})).toMatchObject({ verdict: 'unknown' }));

function judged(expected: Assertion['expect'], now: RowsFound | undefined, before: RowsFound | undefined) {
  const of = (rows: RowsFound | undefined) => (rows ? { orders: rows } : {});
  return judgeDataConsistency([{ name: 'orders', expect: expected }], of(now), before && of(before));
}

function found(rows: number, ...first: (string | null)[]): RowsFound {
  return { kind: 'found', rows, first };
}

function number(value: string): RowsFound {
  return found(1, value);
}

function refused(isOfStatement: boolean): RowsFound {
  return { kind: 'unreadable', reason: 'no table', isOfStatement };
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMath } from '../../../../sandbox/cloudwatch/math/parse.ts';
import { mathValue } from '../../../../sandbox/cloudwatch/math/series.ts';
import { MathError } from '../../../../sandbox/cloudwatch/math/tokens.ts';

const TIMES = [1, 2, 3, 4];
/** One value for each of the four times; `undefined` where there is none. */
const SERIES: Readonly<Record<string, readonly (number | undefined)[]>> = {
  all: [10, 20, 0, 40],
  bad: [1, undefined, 0, 8],
  none: [undefined, undefined, undefined, undefined],
};

function calculated(text: string): number | readonly (number | undefined)[] {
  const seriesOf = (id: string) =>
    new Map(
      TIMES.flatMap((time, index) => (SERIES[id]?.[index] === undefined ? [] : [[time, SERIES[id][index]]])),
    );
  const value = mathValue(parseMath(text), seriesOf, TIMES);
  return typeof value === 'number' ? value : TIMES.map((time) => value.get(time));
}

const gap = undefined;

test.each<[string, ReturnType<typeof calculated>]>([
  // Nothing is made of a missing operand, nor of a division by zero.
  ['all + bad', [11, gap, 0, 48]],
  ['bad + all', [11, gap, 0, 48]],
  ['100 * bad / all', [10, gap, gap, 20]],
  ['all + none', [gap, gap, gap, gap]],
  ['SUM([all, bad])', [11, gap, 0, 48]],
  ['bad / 0', [gap, gap, gap, gap]],
  // Of the branch that is not taken nothing is needed.
  ['IF(all > 0, 100 * bad / all, 0)', [10, gap, 0, 20]],
  ['IF(all > 0, 1, bad)', [1, 1, 0, 1]],
  ['IF(bad, 7, 8)', [7, gap, 8, 7]],
  ['IF(2 > 1, all, bad)', [10, 20, 0, 40]],
  ['FILL(bad, 0)', [1, 0, 0, 8]],
  ['FILL(bad, REPEAT)', [1, 1, 0, 8]],
  ['FILL(bad, all)', [1, 20, 0, 8]],
  ['FILL(none, 3)', [3, 3, 3, 3]],
  ['FILL(none, REPEAT)', [gap, gap, gap, gap]],
  ['MAX([all, 15])', [15, 20, 15, 40]],
  ['MIN([all, 15, 12])', [10, 12, 0, 12]],
  ['all >= 20', [0, 1, 0, 1]],
  ['all == 20', [0, 1, 0, 0]],
  ['all != 20', [1, 0, 1, 1]],
  ['-all', [-10, -20, -0, -40]],
  ['1 + 2 * 3 - 4 / 2', 5],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['2 - -1', 3],
  ['1 + 1 < 3', 1],
  ['1.5e2', 150],
])('%s', (text, expected) => {
  expect(calculated(text)).toEqual(expected);
});

test.each<[string, RegExp]>([
  ['', /has its end/],
  ['1 +', /has its end/],
  ['(1 + 2', /has its end instead of '\)'/],
  ['1 2', /has '2'/],
  ['1,000 + 2', /has ','/],
  ['all ^ 2', /has '\^ 2'/],
  ['all $ 2', /has '\$ 2'/],
  ['RATE(all)', /has 'RATE'/],
  ['METRICS()', /has 'METRICS'/],
  ['SUM(all)', /has 'all' instead of '\['/],
  ['IF(all)', /has '\)' instead of ','/],
  ['FILL(all, LINEAR)', /has 'LINEAR'/],
  ['MAX', /has 'MAX'/],
  ['constructor(1)', /has '\('/],
  ["SEARCH('x')", /has ''x'\)'/],
])('refuses %j, and says what it supports', (text, message) => {
  expect(() => parseMath(text)).toThrow(message);
  expect(() => parseMath(text)).toThrow(/Supported here: numbers, ids, \+ - \* \/ \( \), comparisons, IF/);
});

test('refuses what is too long, and what is too deep', () => {
  expect(() => parseMath(`1${' + 1'.repeat(256)}`)).toThrow(/may have 1024 characters; this one has 1025/);
  expect(() => parseMath(`${'('.repeat(40)}1${')'.repeat(40)}`)).toThrow(/may be 32 levels deep/);
  expect(() => parseMath(`${'-'.repeat(40)}1`)).toThrow(/may be 32 levels deep/);
});

test('whatever is written is either calculated or refused', () => {
  const words = [
    'all',
    'bad',
    '1',
    '0',
    '+',
    '-',
    '*',
    '/',
    '(',
    ')',
    '[',
    ']',
    ',',
    '>',
    '==',
    'IF',
    'FILL',
    'MAX',
    'REPEAT',
    '$',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (text) => {
      try {
        expect(calculated(text.join(' '))).toBeDefined();
      } catch (error) {
        expect(error).toBeInstanceOf(MathError);
      }
    }),
  );
});

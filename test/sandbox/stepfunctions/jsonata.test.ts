import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluate } from '../../../sandbox/stepfunctions/jsonata.ts';
import { evaluateTemplate } from '../../../sandbox/stepfunctions/template.ts';

it('ends an expression that calls itself for ever, and lets other work go on meanwhile', async () => {
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
  }, 1);
  const endless = '( $f := function($n) { $f($n + 1) }; $f(0) )';
  await expect(evaluate(endless, {})).rejects.toThrow('took too long');
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(3);
});

it('ends an expression that nests too deep', async () => {
  const deep = '( $f := function($n) { 1 + $f($n + 1) }; $f(0) )';
  await expect(evaluate(deep, {})).rejects.toThrow('Depth=101 max=100');
});

it.each(['$eval("1")', '$parse("{")', '$hash("a", "SHA-0")', "'a' + 1", '$f()', '$error("no")'])(
  'fails on %s',
  async (source) => {
    await expect(evaluate(source, {})).rejects.toThrow();
  },
);

it.each(['$sum', 'function($x) { $x }', '[$sum]'])('refuses the function %s as a value', async (source) => {
  await expect(evaluate(source, {})).rejects.toThrow('function');
});

it.each([
  '$missing',
  '$range(1, 5)',
  '$range(5, 1, 1)',
  '$range(1, 5, 0)',
  '$partition([], 2)',
  '$partition([1], 0)',
  '$a[b = 2]',
])('gives nothing for %s', async (source) => {
  expect(await evaluate(source, { a: [{ b: 1 }] })).toBeUndefined();
});

it('fails a template whose expression gives nothing, and names the place', async () => {
  const template = { a: [1, { b: '{% $missing %}' }] };
  await expect(evaluateTemplate(template, {}, 'Output')).rejects.toMatchObject({
    errorName: 'States.QueryEvaluationError',
    causeText:
      "The JSONata expression '$missing' specified for the field 'Output/a[1]/b' returned nothing (undefined).",
  });
});

it.each([' {% 1 %}', '{% 1 %} ', '{%1', 'a {% 1 %}', '1 %}'])('takes %j for plain text', async (text) => {
  expect(await evaluateTemplate(text, {}, 'Output')).toBe(text);
});

it('collapses one selected item, keeps it in brackets, and keeps an array of one that was an array', async () => {
  const bindings = { a: [{ b: 1 }, { b: 2 }], one: ['x'] };
  expect(await evaluate('$a[b = 1]', bindings)).toEqual({ b: 1 });
  expect(await evaluate('[$a[b = 1]]', bindings)).toEqual([{ b: 1 }]);
  expect(await evaluate('$one', bindings)).toEqual(['x']);
  expect(await evaluate('{ "one": $one }', bindings)).toEqual({ one: ['x'] });
});

it('has the functions that Step Functions adds', async () => {
  expect(await evaluate('$partition([1, 2, 3, 4, 5], 2)', {})).toEqual([[1, 2], [3, 4], [5]]);
  expect(await evaluate('$range(-1.7, 7, 4)', {})).toEqual([-1, 3, 7]);
  expect(await evaluate('$range(3, 3, 1)', {})).toBe(3);
  expect(await evaluate('$parse("{\\"a\\": [1]}")', {})).toEqual({ a: [1] });
  expect(await evaluate('$random(7) = $random(7)', {})).toBe(true);
  expect(await evaluate('$uuid()', {})).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
  const sha384 = createHash('sha384').update('drill').digest('hex');
  expect(await evaluate('$hash("drill", "SHA-384")', {})).toBe(sha384);
});

it('writes numbers that JSON cannot carry as AWS does', async () => {
  expect(await evaluate('$number("1e308") ~> $f', { f: () => Number.POSITIVE_INFINITY })).toBe('Infinity');
});

it('returns any JSON unchanged, and never the very object it was given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      const given: unknown = JSON.parse(JSON.stringify(value));
      expect(await evaluate('$value', { value: given })).toEqual(given);
    }),
    { numRuns: 50 },
  );
  const given = { a: [1] };
  expect(await evaluate('$value', { value: given })).not.toBe(given);
});

it('evaluates the same expression for two executions at a time without mixing them', async () => {
  const values = await Promise.all([1, 2, 3].map((n) => evaluate('$sum([$n, $n, $n])', { n })));
  expect(values).toEqual([3, 6, 9]);
});

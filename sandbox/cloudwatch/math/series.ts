import type { Expression, Fold, Operator } from './parse.ts';

/** One value for each time at which there is one: the starts of periods, in ms. */
export type Series = ReadonlyMap<number, number>;
/** A number stands for itself at every time. */
export type Value = number | Series;

const OPERATIONS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '>': (a, b) => Number(a > b),
  '<': (a, b) => Number(a < b),
  '>=': (a, b) => Number(a >= b),
  '<=': (a, b) => Number(a <= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};

const FOLDS: Readonly<Record<Fold, (a: number, b: number) => number>> = {
  MAX: (a, b) => Math.max(a, b),
  MIN: (a, b) => Math.min(a, b),
  SUM: (a, b) => a + b,
};

/**
 * What an expression comes to at each time. Where an operand has no value there is none, and neither where the result is no
 * number, as in a division by zero. `times` are those that FILL fills.
 */
export function mathValue(
  expression: Expression,
  of: (id: string) => Value,
  times: readonly number[],
): Value {
  const value = (inner: Expression): Value => mathValue(inner, of, times);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return of(expression.id);
    case 'negative':
      return combine([value(expression.of)], ([a]) => -a!);
    case 'binary':
      return combine([value(expression.left), value(expression.right)], ([a, b]) =>
        OPERATIONS[expression.operator](a!, b!),
      );
    case 'if':
      return choose(value(expression.condition), value(expression.then), value(expression.otherwise));
    case 'fill':
      return fill(value(expression.of), expression.by === 'REPEAT' ? undefined : value(expression.by), times);
    case 'fold':
      return combine(expression.of.map(value), (values) => values.reduce(FOLDS[expression.fold]));
  }
}

function combine(values: readonly Value[], operation: (numbers: readonly number[]) => number): Value {
  if (values.every((value) => typeof value === 'number')) return operation(values as readonly number[]);
  return seriesAt(timesOf(values), (time) => {
    const numbers = values.map((value) => at(value, time)).filter((number) => number !== undefined);
    return numbers.length === values.length ? operation(numbers) : undefined;
  });
}

/** Of the branch that is not taken nothing is needed. */
function choose(condition: Value, then: Value, otherwise: Value): Value {
  if (typeof condition === 'number') return condition === 0 ? otherwise : then;
  return seriesAt(condition.keys(), (time) => at(condition.get(time) === 0 ? otherwise : then, time));
}

/** REPEAT takes the value before, so that before the first one nothing is filled. */
function fill(value: Value, by: Value | undefined, times: readonly number[]): Value {
  if (typeof value === 'number') return value;
  let last: number | undefined;
  return seriesAt(times, (time) => {
    last = value.get(time) ?? last;
    return value.get(time) ?? (by === undefined ? last : at(by, time));
  });
}

function seriesAt(times: Iterable<number>, read: (time: number) => number | undefined): Series {
  const series = new Map<number, number>();
  for (const time of times) {
    const value = read(time);
    if (value !== undefined && Number.isFinite(value)) series.set(time, value);
  }
  return series;
}

function timesOf(values: readonly Value[]): Iterable<number> {
  return values.find((value) => typeof value !== 'number')?.keys() ?? [];
}

function at(value: Value, time: number): number | undefined {
  return typeof value === 'number' ? value : value.get(time);
}

import { MathError, tokensOf, unsupported } from './tokens.ts';

/** Metric math as it was understood. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'fill'; readonly of: Expression; readonly by: 'REPEAT' | Expression }
  | { readonly kind: 'fold'; readonly fold: Fold; readonly of: readonly Expression[] };

export type Operator = '+' | '-' | '*' | '/' | '>' | '<' | '>=' | '<=' | '==' | '!=';
export type Fold = 'MAX' | 'MIN' | 'SUM';

const DEEPEST = 32;
/** The loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['>', '<', '>=', '<=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

/** Throws {@link MathError}. */
export function parseMath(text: string): Expression {
  const reader = { text, tokens: tokensOf(text), at: 0, depth: 0 };
  const expression = level(reader, 0);
  if (reader.at < reader.tokens.length) throw unexpected(reader);
  return expression;
}

/** The ids that it reads. */
export function idsIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'id':
      return [expression.id];
    case 'negative':
      return idsIn(expression.of);
    case 'binary':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    case 'if':
      return [expression.condition, expression.then, expression.otherwise].flatMap(idsIn);
    case 'fill':
      return [expression.of, ...(expression.by === 'REPEAT' ? [] : [expression.by])].flatMap(idsIn);
    case 'fold':
      return expression.of.flatMap(idsIn);
  }
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly string[];
  at: number;
  depth: number;
}

function level(reader: Reader, index: number): Expression {
  const operators = LEVELS[index];
  if (!operators) return operand(reader);
  let left = level(reader, index + 1);
  for (let token = peek(reader); operators.includes(token); token = peek(reader)) {
    reader.at += 1;
    left = { kind: 'binary', operator: token as Operator, left, right: level(reader, index + 1) };
  }
  return left;
}

function operand(reader: Reader): Expression {
  reader.depth += 1;
  if (reader.depth > DEEPEST) throw new MathError(`An expression may be ${DEEPEST} levels deep.`);
  const expression = operandWithin(reader);
  reader.depth -= 1;
  return expression;
}

function operandWithin(reader: Reader): Expression {
  const token = take(reader);
  if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
  if (token === '-') return { kind: 'negative', of: operand(reader) };
  if (token === '(') return before(reader, ')', () => level(reader, 0));
  if (/^[a-z]/.test(token)) return { kind: 'id', id: token };
  const call = CALLS[token];
  if (!call || peek(reader) !== '(') throw unexpected({ ...reader, at: reader.at - 1 });
  reader.at += 1;
  return before(reader, ')', () => call(reader));
}

const CALLS: Readonly<Record<string, (reader: Reader) => Expression>> = {
  IF(reader) {
    const condition = before(reader, ',', () => level(reader, 0));
    const then = before(reader, ',', () => level(reader, 0));
    return { kind: 'if', condition, then, otherwise: level(reader, 0) };
  },
  FILL(reader) {
    const of = before(reader, ',', () => level(reader, 0));
    if (peek(reader) !== 'REPEAT') return { kind: 'fill', of, by: level(reader, 0) };
    reader.at += 1;
    return { kind: 'fill', of, by: 'REPEAT' };
  },
  MAX: (reader) => fold(reader, 'MAX'),
  MIN: (reader) => fold(reader, 'MIN'),
  SUM: (reader) => fold(reader, 'SUM'),
};

function fold(reader: Reader, kind: Fold): Expression {
  expect(reader, '[');
  const of = [level(reader, 0)];
  while (peek(reader) === ',') {
    reader.at += 1;
    of.push(level(reader, 0));
  }
  expect(reader, ']');
  return { kind: 'fold', fold: kind, of };
}

function before(reader: Reader, token: string, read: () => Expression): Expression {
  const expression = read();
  expect(reader, token);
  return expression;
}

function expect(reader: Reader, token: string): void {
  if (peek(reader) !== token) throw unexpected(reader, token);
  reader.at += 1;
}

function peek({ tokens, at }: Reader): string {
  return tokens[at] ?? '';
}

function take(reader: Reader): string {
  const token = peek(reader);
  if (token === '') throw unexpected(reader);
  reader.at += 1;
  return token;
}

function unexpected(reader: Reader, wanted?: string): MathError {
  const found = peek(reader) === '' ? 'its end' : `'${peek(reader)}'`;
  return unsupported(reader.text, wanted === undefined ? found : `${found} instead of '${wanted}'`);
}

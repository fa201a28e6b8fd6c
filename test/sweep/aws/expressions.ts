import { AwsError } from '../../../sandbox/aws/protocol.ts';

/** A value as DynamoDB writes it: `{ S: 'text' }`, `{ N: '1' }`, `{ M: {…} }`. */
export type Value = Readonly<Record<string, unknown>>;
export type Attributes = Readonly<Record<string, Value>>;

/** Names and values that an expression stands for. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

/** Whether the condition holds; throws `ValidationException` for what is not understood. */
export function holds(condition: string, item: Attributes | undefined, given: Placeholders): boolean {
  const parser = reading(condition, item ?? {}, given);
  const result = either(parser);
  parser.end();
  return result;
}

/** The item after `SET …`, `REMOVE …` and `ADD …`. */
export function updated(expression: string, item: Attributes, given: Placeholders): Attributes {
  const parser = reading(expression, item, given);
  const after: Record<string, Value> = { ...item };
  while (!parser.isOver()) {
    const clause = parser.take().toUpperCase();
    do {
      const name = parser.name();
      if (clause === 'SET') {
        parser.expect('=');
        after[name] = sum(parser);
      } else if (clause === 'REMOVE') delete after[name];
      else if (clause === 'ADD') after[name] = plus(item[name] ?? { N: '0' }, operand(parser));
      else throw invalid(`clause ${clause} in '${expression}'`);
    } while (parser.accept(','));
  }
  return after;
}

interface Parser {
  isOver(): boolean;
  peek(): string;
  take(): string;
  accept(token: string): boolean;
  expect(token: string): void;
  end(): void;
  /** An attribute's name. */
  name(): string;
  readonly item: Attributes;
  readonly given: Placeholders;
}

const TOKEN = /\s*(<>|<=|>=|[=<>(),+-]|[#:]?[A-Za-z_][\w]*)/y;

function reading(expression: string, item: Attributes, given: Placeholders): Parser {
  const tokens = tokensOf(expression);
  let at = 0;
  const parser: Parser = {
    item,
    given,
    isOver: () => at >= tokens.length,
    peek: () => tokens[at] ?? '',
    take: () => tokens[at++] ?? '',
    accept(token) {
      if (parser.peek().toUpperCase() !== token) return false;
      at += 1;
      return true;
    },
    expect(token) {
      if (!parser.accept(token)) throw invalid(`'${parser.peek()}' where ${token} is due in '${expression}'`);
    },
    end() {
      if (!parser.isOver()) throw invalid(`'${parser.peek()}' in '${expression}'`);
    },
    name() {
      const token = parser.take();
      if (!token.startsWith('#')) return token;
      const name = given.ExpressionAttributeNames?.[token];
      if (name === undefined) throw invalid(`${token} is not defined`);
      return name;
    },
  };
  return parser;
}

const known = new Map<string, readonly string[]>();

function tokensOf(expression: string): readonly string[] {
  const before = known.get(expression);
  if (before) return before;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const [, token] = TOKEN.exec(expression) ?? [];
    if (token === undefined) throw invalid(`'${expression}'`);
    tokens.push(token);
  }
  known.set(expression, tokens);
  return tokens;
}

function either(parser: Parser): boolean {
  let result = both(parser);
  while (parser.accept('OR')) result = both(parser) || result;
  return result;
}

function both(parser: Parser): boolean {
  let result = one(parser);
  while (parser.accept('AND')) result = one(parser) && result;
  return result;
}

function one(parser: Parser): boolean {
  if (parser.accept('NOT')) return !one(parser);
  if (parser.accept('(')) {
    const result = either(parser);
    parser.expect(')');
    return result;
  }
  const call = FUNCTIONS[parser.peek()];
  if (!call) return compared(parser);
  parser.take();
  parser.expect('(');
  const result = call(parser);
  parser.expect(')');
  return result;
}

const FUNCTIONS: Readonly<Record<string, (parser: Parser) => boolean>> = {
  attribute_exists: (parser) => parser.item[parser.name()] !== undefined,
  attribute_not_exists: (parser) => parser.item[parser.name()] === undefined,
  begins_with(parser) {
    const text = textOf(operand(parser));
    parser.expect(',');
    return text.startsWith(textOf(operand(parser)));
  },
};

/** What is not there compares to nothing. */
function compared(parser: Parser): boolean {
  const left = operand(parser);
  const operator = parser.take().toUpperCase();
  const right = operand(parser);
  const order = left && right ? orderOf(left, right) : undefined;
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
    case 'BETWEEN': {
      parser.expect('AND');
      const most = operand(parser);
      const below = left && most ? orderOf(left, most) : undefined;
      return order !== undefined && below !== undefined && order >= 0 && below <= 0;
    }
    default:
      throw invalid(`operator ${operator}`);
  }
}

/** Values of different types are only ever unequal. */
function orderOf(left: Value, right: Value): number | undefined {
  const [type] = Object.keys(left);
  if (type !== Object.keys(right)[0]) return undefined;
  if (type === 'N') return Number(left.N) - Number(right.N);
  const [a, b] = [left, right].map((value) => (type === 'S' ? String(value.S) : JSON.stringify(value)));
  return a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1;
}

function sum(parser: Parser): Value {
  let result = operand(parser);
  while (['+', '-'].includes(parser.peek())) {
    const sign = parser.take() === '+' ? 1 : -1;
    const right = operand(parser);
    result = plus(result, { N: String(sign * Number(right?.N)) });
  }
  if (!result)
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return result;
}

function plus(left: Value | undefined, right: Value | undefined): Value {
  const total = Number(left?.N) + Number(right?.N);
  if (Number.isNaN(total)) throw invalid(`${JSON.stringify(left)} + ${JSON.stringify(right)}`);
  return { N: String(total) };
}

function operand(parser: Parser): Value | undefined {
  if (parser.accept('IF_NOT_EXISTS')) {
    parser.expect('(');
    const there = parser.item[parser.name()];
    parser.expect(',');
    const otherwise = operand(parser);
    parser.expect(')');
    return there ?? otherwise;
  }
  if (!parser.peek().startsWith(':')) return parser.item[parser.name()];
  const name = parser.take();
  const value = parser.given.ExpressionAttributeValues?.[name];
  if (!value) throw invalid(`${name} is not defined`);
  return value;
}

function textOf(value: Value | undefined): string {
  return typeof value?.S === 'string' ? value.S : '\u0000';
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `Invalid expression, or none that is understood here: ${what}`);
}

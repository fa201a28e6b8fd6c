import { BlockList, isIP } from 'node:net';
import { AwsError } from '../aws/protocol.ts';

/** Judges all values that an event has in one field; it has none when the field is absent. */
export type Condition = (leaves: readonly unknown[]) => boolean;
type Test = (leaf: unknown) => boolean;

/** One of the conditions must hold. Throws InvalidEventPatternException. */
export function compileConditions(expected: readonly unknown[]): Condition {
  const conditions = expected.map(compileCondition);
  return (leaves) => conditions.some((condition) => condition(leaves));
}

export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compileCondition(expected: unknown): Condition {
  if (!isObject(expected)) return some(exactly(expected));
  const [[name = '', operand] = [], ...others] = Object.entries(expected);
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression');
  if (name === 'exists') return exists(operand);
  return some(compileTest(name, operand));
}

function compileTest(name: string, operand: unknown): Test {
  if (name === 'anything-but') return anythingBut(operand);
  if (name === 'numeric') return numeric(operand);
  if (name === 'cidr') return cidr(operand);
  return compileTextTest(name, operand);
}

function compileTextTest(name: string, operand: unknown): Test {
  if (name === 'prefix') return affix(name, operand, (text, start) => text.startsWith(start));
  if (name === 'suffix') return affix(name, operand, (text, end) => text.endsWith(end));
  if (name === 'equals-ignore-case') return equalsIgnoreCase(string(name, operand));
  if (name === 'wildcard') return wildcard(string(name, operand));
  throw invalidPattern(`Unrecognized match type ${name}`);
}

function some(test: Test): Condition {
  return (leaves) => leaves.some(test);
}

function exactly(expected: unknown): Test {
  if (Array.isArray(expected)) throw invalidPattern('Arrays inside of arrays are not allowed');
  return (leaf) => leaf === expected;
}

function exists(operand: unknown): Condition {
  if (typeof operand !== 'boolean') throw invalidPattern('exists match pattern must be true or false');
  return (leaves) => leaves.length > 0 === operand;
}

function affix(name: string, operand: unknown, matches: (text: string, part: string) => boolean): Test {
  if (!isObject(operand)) {
    const part = string(name, operand);
    return (leaf) => typeof leaf === 'string' && matches(leaf, part);
  }
  const { 'equals-ignore-case': part, ...others } = operand;
  if (Object.keys(others).length > 0) throw invalidPattern(`Unsupported expression in ${name}`);
  const lowerCase = string(name, part).toLowerCase();
  return (leaf) => typeof leaf === 'string' && matches(leaf.toLowerCase(), lowerCase);
}

function equalsIgnoreCase(expected: string): Test {
  const lowerCase = expected.toLowerCase();
  return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === lowerCase;
}

function anythingBut(operand: unknown): Test {
  const excluded = isObject(operand) ? excludedTexts(operand) : excludedValues(operand);
  return (leaf) => !excluded.some((test) => test(leaf));
}

function excludedTexts(operand: Readonly<Record<string, unknown>>): Test[] {
  const [[name = '', texts] = [], ...others] = Object.entries(operand);
  if (others.length > 0) throw invalidPattern('Only one key allowed in anything-but');
  return listOf(texts).map((text) => compileTextTest(name, string(name, text)));
}

function excludedValues(operand: unknown): Test[] {
  const values = listOf(operand);
  const types = new Set(values.map((value) => typeof value));
  if (types.size !== 1 || !(types.has('string') || types.has('number')))
    throw invalidPattern('anything-but takes strings only or numbers only');
  return values.map(exactly);
}

function listOf(operand: unknown): unknown[] {
  if (Array.isArray(operand) && operand.length === 0) throw invalidPattern('Empty arrays are not allowed');
  return Array.isArray(operand) ? operand : [operand];
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or a lower bound followed by an upper one. */
function numeric(operand: unknown): Test {
  if (!Array.isArray(operand)) throw invalidPattern('Value of numeric must be an array');
  const tests: Test[] = [];
  for (let index = 0; index < operand.length; index += 2)
    tests.push(comparison(operand[index], operand[index + 1]));
  const range = /^>=?,<=?$/.test([operand[0], operand[2]].join());
  if (tests.length !== 1 && !(tests.length === 2 && range && operand[1] < operand[3]))
    throw invalidPattern('numeric takes one comparison, or a range like [">", 0, "<=", 5]');
  return (leaf) => tests.every((test) => test(leaf));
}

function comparison(operator: unknown, bound: unknown): Test {
  const compare =
    typeof operator === 'string' && Object.hasOwn(COMPARISONS, operator) && COMPARISONS[operator];
  if (!compare) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') throw invalidPattern('Value of numeric operator must be numeric');
  return (leaf) => typeof leaf === 'number' && compare(leaf, bound);
}

function cidr(operand: unknown): Test {
  const [address = '', prefix = ''] = string('cidr', operand).split('/');
  const network = new BlockList();
  try {
    network.addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : -1, familyOf(address));
  } catch {
    throw invalidPattern(`Malformed CIDR: ${operand}`);
  }
  return (leaf) => typeof leaf === 'string' && isIP(leaf) > 0 && network.check(leaf, familyOf(leaf));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** `*` stands for any text, `\*` and `\\` for themselves. */
function wildcard(expected: string): Test {
  if (/(?<!\\)(?:\\\\)*\*\*/.test(expected)) throw invalidPattern('Consecutive wildcard characters');
  if (/\\(?![\\*])/.test(expected.replaceAll('\\\\', ''))) throw invalidPattern('Invalid escape character');
  const pieces = [''];
  for (const [token] of expected.matchAll(/\\[\\*]|./gs)) {
    if (token === '*') pieces.push('');
    else pieces.push((pieces.pop() ?? '') + token.slice(-1));
  }
  return (leaf) => typeof leaf === 'string' && hasPieces(leaf, pieces);
}

/** Each piece as early as possible, the last one at the end: linear, whatever the pattern. */
function hasPieces(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return text.length >= from + last.length && text.endsWith(last);
}

function string(name: string, operand: unknown): string {
  if (typeof operand !== 'string' || operand === '')
    throw invalidPattern(`${name} match pattern must be a non-empty string`);
  return operand;
}

import jsonata from 'jsonata';

/** A JSONata expression, and where in the definition it stands. */
export interface Expression {
  readonly place: string;
  readonly source: string;
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly [member: string]: unknown;
}

/** Every text between `{%` and `%}` below a place. */
export function expressionsIn(value: unknown, place: string): readonly Expression[] {
  if (typeof value === 'string') {
    const source = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return source === undefined ? [] : [{ place, source: source.trim() }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => expressionsIn(inner, `${place}/${member}`));
}

/** Names of the variables that it reads, without `states`. */
export function variablesIn(source: string): ReadonlySet<string> {
  const used = nodesIn(parse(source)).filter(
    (node) => node.type === 'variable' && node.value !== 'states' && node.value !== 'exists',
  );
  return new Set(used.map((node) => String(node.value)));
}

export function hasNumbers(source: string): boolean {
  return nodesIn(parse(source)).some((node) => node.type === 'number');
}

/** What in it is more than a path, a comparison, a literal, `$exists` or `? :`. */
export function tooMuchIn(source: string): readonly string[] {
  return nodesIn(parse(source))
    .filter((node) => node.type !== undefined && !isPlain(node))
    .map(({ type, value }) => `${type} ${String(value)}`);
}

const PLAIN = new Set(['path', 'name', 'string', 'number', 'value', 'condition']);
const COMPARISONS = new Set(['=', '!=', '<', '<=', '>', '>=', 'and', 'or']);

function isPlain(node: Node): boolean {
  const { type = '', value, procedure, predicate, group, stages } = node;
  if (predicate || group || stages) return false;
  if (type === 'binary') return COMPARISONS.has(String(value));
  if (type === 'function') return (procedure as Node).value === 'exists';
  if (type === 'variable') return value !== '' && value !== '$' && value !== 'eval';
  return PLAIN.has(type);
}

function parse(source: string): Node {
  return jsonata(source).ast() as unknown as Node;
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesIn)];
}

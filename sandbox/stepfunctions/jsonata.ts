import jsonata from 'jsonata';
import { STEP_FUNCTIONS_EXTRAS } from './jsonata-functions.ts';

/** Variables by name, without the dollar sign. */
export type Bindings = Readonly<Record<string, unknown>>;

/** AWS allows as many levels of nested evaluation. */
const DEPTH_LIMIT = 100;

/** AWS stops after some seconds; a count gives the same answer on a slow machine. Endless tail calls end here. */
const STEP_LIMIT = 1_000_000;

/** Other work gets its turn this often while a long expression runs. */
const STEPS_PER_TURN = 10_000;

const CACHE_LIMIT = 5_000;

/** JSONata's own names for its hooks. */
const ENTRY = Symbol.for('jsonata.__evaluate_entry');
const EXIT = Symbol.for('jsonata.__evaluate_exit');

/** No expression can name this variable. */
const METER = ' meter';

interface Compiled {
  evaluate(input: unknown, bindings: Bindings): Promise<unknown>;
  assign(name: string | symbol, value: unknown): void;
  ast(): unknown;
}

interface Meter {
  depth: number;
  steps: number;
}

interface Environment {
  lookup(name: string): unknown;
}

const cache = new Map<string, Compiled>();

/** Throws JSONata's own error when the source is not an expression. */
export function compile(source: string): Compiled {
  const known = cache.get(source);
  if (known) return known;
  const expression = jsonata(source);
  for (const { name, signature, implementation } of STEP_FUNCTIONS_EXTRAS)
    expression.registerFunction(name, implementation, signature);
  const compiled: Compiled = expression;
  compiled.assign('eval', undefined);
  compiled.assign(ENTRY, enter);
  compiled.assign(EXIT, leave);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(source, compiled);
  return compiled;
}

/** Plain JSON, or `undefined` when the expression returned nothing. Throws an `Error` that says why it failed. */
export async function evaluate(source: string, bindings: Bindings): Promise<unknown> {
  const meter: Meter = { depth: 0, steps: 0 };
  try {
    return plain(await compile(source).evaluate(undefined, { ...bindings, [METER]: meter }));
  } catch (thrown) {
    throw new Error(messageOf(thrown));
  }
}

async function enter(_expression: unknown, _input: unknown, environment: Environment): Promise<void> {
  const meter = environment.lookup(METER) as Meter;
  meter.depth += 1;
  meter.steps += 1;
  if (meter.depth > DEPTH_LIMIT)
    throw new Error(`Stack overflow error: Depth=${meter.depth} max=${DEPTH_LIMIT}.`);
  if (meter.steps > STEP_LIMIT)
    throw new Error(`Expression evaluation took too long: more than ${STEP_LIMIT} steps.`);
  if (meter.steps % STEPS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
}

function leave(_expression: unknown, _input: unknown, environment: Environment): void {
  (environment.lookup(METER) as Meter).depth -= 1;
}

/** JSONata answers with marked arrays and shares what it was given: a copy is neither. AWS spells non-finite numbers out. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') throw new Error('The result is a function, which is not JSON.');
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if ('_jsonata_lambda' in value || '_jsonata_function' in value)
    throw new Error('The result is a function, which is not JSON.');
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** JSONata throws plain objects with a code; their text is all that a state machine sees. */
function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    const code = 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.code}: ` : '';
    return `${code}${String(thrown.message)}`;
  }
  return String(thrown);
}

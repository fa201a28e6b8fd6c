import * as v from 'valibot';
import type { Judgement } from '../validation.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

/** What one statement found: how many rows, and the first column of the first of them as text. */
export const RowsFound = v.variant('kind', [
  v.object({ kind: v.literal('found'), rows: v.number(), first: v.array(v.nullable(v.string())) }),
  v.object({
    kind: v.literal('unreadable'),
    reason: v.string(),
    /** The server has refused the statement itself: what it speaks of is not there. */
    isOfStatement: v.boolean(),
  }),
]);

export type RowsFound = v.InferOutput<typeof RowsFound>;

type Amount = number | 'before';

export interface Assertion {
  readonly name: string;
  readonly expect:
    | { readonly rows: 'none' }
    | { readonly equals: Amount }
    | { readonly atMost: Amount }
    | { readonly atLeast: Amount };
}

/** By the name of the assertion. */
export type Found = Readonly<Record<string, RowsFound>>;

/** With the line that shows it. */
interface Held extends Findings {
  readonly line?: string;
}

const MOST_SHOWN = 80;

/** Every assertion must hold. What could not be read, now or before, proves nothing. */
export function judgeDataConsistency(
  assertions: readonly Assertion[],
  now: Found,
  before: Found | undefined,
): Judgement {
  const held = assertions.map((assertion) => judge(assertion, now[assertion.name], before?.[assertion.name]));
  return verdictOf(
    together(held),
    held.flatMap(({ line }) => line ?? []),
  );
}

function judge({ name, expect }: Assertion, now: RowsFound | undefined, before: RowsFound | undefined): Held {
  if (!now) return unproven(`${name} was not asked`);
  if (now.kind === 'unreadable') return notRun(name, now, before);
  if ('rows' in expect) return noRows(name, now, before);
  const found = numberOf(now);
  if (typeof found === 'string') return unproven(`${name}: ${found}`);
  const [relation, wanted] = relationOf(expect);
  const allowed = wanted === 'before' ? beforehand(before) : wanted;
  if (typeof allowed === 'string') return unproven(`${name}: ${allowed}`);
  const words = wanted === 'before' ? `${allowed} before the drill` : `${allowed} allowed`;
  const { holds, sign, opposite } = RELATIONS[relation];
  if (holds(found, allowed)) return right(`${name}: ${found} ${sign} ${words}`);
  return wrong(`${name}: ${found} ${opposite} ${words}`);
}

/** A statement that could be run before the drill and is not understood now has shown that the schema is another one. */
function notRun(
  name: string,
  { reason, isOfStatement }: RowsFound & { kind: 'unreadable' },
  before?: RowsFound,
): Held {
  if (!isOfStatement || before?.kind !== 'found') return unproven(`${name}: ${reason}`);
  return wrong(`${name}: ${reason}; before the drill it could be asked`);
}

const RELATIONS = {
  equals: { holds: (found: number, wanted: number) => found === wanted, sign: '=', opposite: '≠' },
  atMost: { holds: (found: number, most: number) => found <= most, sign: '≤', opposite: '>' },
  atLeast: { holds: (found: number, least: number) => found >= least, sign: '≥', opposite: '<' },
} as const;

function relationOf(expect: Exclude<Assertion['expect'], { rows: 'none' }>) {
  if ('equals' in expect) return ['equals', expect.equals] as const;
  return 'atMost' in expect ? (['atMost', expect.atMost] as const) : (['atLeast', expect.atLeast] as const);
}

/** What was wrong before the drill is told with what is wrong now. */
function noRows(
  name: string,
  { rows, first }: RowsFound & { kind: 'found' },
  before: RowsFound | undefined,
): Held {
  if (rows === 0) return right(`${name}: 0 rows = 0 allowed`);
  const then = before?.kind === 'found' ? `; before the drill ${before.rows}` : '';
  const shown = first.map((value) => (value === null ? 'null' : excerpt(value))).join(', ');
  const line = `${name}: ${rows} rows, the first: ${shown}`;
  return { ...wrong(`${rows} ${name} > 0 allowed${then}`), line };
}

function beforehand(before: RowsFound | undefined): number | string {
  if (before?.kind !== 'found') return 'what it was before the drill is not known';
  return numberOf(before);
}

function numberOf({ rows, first }: RowsFound & { kind: 'found' }): number | string {
  const [value] = first;
  if (rows !== 1) return `found ${rows} rows; it must find one, with one number`;
  if (value === null || value === undefined) return 'found null; it must find a number';
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : `found "${excerpt(value)}"; it must find a number`;
}

function excerpt(value: string): string {
  const line = value.replace(/[\p{Cc}\s]+/gu, ' ');
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}

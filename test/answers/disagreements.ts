import { isDeepStrictEqual } from 'node:util';
import type { Recomputed } from './recomputed.ts';

/** An answer as its JSON says it. */
export type Told = Readonly<Record<string, unknown>>;

/** So many values are told exactly; percentiles of more are told within a share of the true one. */
const EXACT_VALUES = 32;
const RELATIVE_ERROR = 0.05;

/** Every figure in which an answer is not what its drills say, as `name: told …, recomputed …`. */
export function disagreements(answer: Told, figures: Recomputed): readonly string[] {
  const told = toldOf(answer);
  return Object.entries(figures).flatMap(([name, value]) => {
    const said = told[name];
    if (isDeepStrictEqual(said, value) || (isPercentiles(value) && areNear(said, value))) return [];
    return [`${name}: told ${JSON.stringify(said)}, recomputed ${JSON.stringify(value)}`];
  });
}

/** The same names, without the words that explain a figure. */
function toldOf(answer: Told): Told {
  const { frequency, trend, regression, readiness, recent } = answer;
  return {
    ...answer,
    drills: (frequency as Told).drills,
    trend: without(trend, 'reason'),
    regression: without(regression, 'reason', 'allowedChange', 'number'),
    readiness: (readiness as Told | null)?.score ?? null,
    recent: (recent as readonly Told[]).map((drill) => without(drill, 'sequence', 'endedAt')),
  };
}

function without(value: unknown, ...names: readonly string[]): unknown {
  if (value === null) return null;
  return Object.fromEntries(Object.entries(value as Told).filter(([name]) => !names.includes(name)));
}

type Percentiles = Recomputed['rollbackSpeed'];

function isPercentiles(value: unknown): value is Percentiles {
  return typeof value === 'object' && value !== null && 'p95' in value;
}

function areNear(said: unknown, { p50, p95, max, n }: Percentiles): boolean {
  const told = said as Percentiles;
  if (n <= EXACT_VALUES || told.max !== max || told.n !== n) return false;
  return isNear(told.p50, p50) && isNear(told.p95, p95);
}

function isNear(said: number | null, value: number | null): boolean {
  return said !== null && value !== null && Math.abs(said - value) <= RELATIVE_ERROR * Math.abs(value);
}

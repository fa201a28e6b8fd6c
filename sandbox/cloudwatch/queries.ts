import * as v from 'valibot';
import { flag, integer, listOf, members, oneOf, text } from '../aws/input.ts';
import { AwsError } from '../aws/protocol.ts';
import { type Expression, idsIn, MathError, parseMath } from './math/parse.ts';
import { mathValue, type Value } from './math/series.ts';
import type { Metric, Metrics } from './metrics.ts';
import { bucketsOf, type Datapoint, datapointsOf, type Grid, timesOf } from './read-metric.ts';
import { STATISTICS, type Statistic, SUPPORTED_STATISTICS, statisticNamed } from './statistics.ts';
import { unit } from './units.ts';

const string = v.string('must be a string');
const MOST_SECONDS = 604_800;
const PERIOD_RULE = 'must be 1, 5, 10, 20, 30 or a multiple of 60 seconds';
const ID_RULE = 'must begin with a lowercase letter and have letters, digits and _ only, at most 255';

export const dimensions = listOf(members({ Name: text, Value: text }), 30);
export const period = v.pipe(
  integer(1, MOST_SECONDS),
  v.check((seconds) => [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0, PERIOD_RULE),
);
export const statistic = oneOf(STATISTICS);

export const metricDataQuery = members({
  Id: v.pipe(text, v.regex(/^[a-z][A-Za-z0-9_]{0,254}$/, ID_RULE)),
  MetricStat: v.optional(
    members({
      Metric: members({ Namespace: text, MetricName: text, Dimensions: v.optional(dimensions, []) }),
      Period: period,
      Stat: text,
      Unit: v.optional(unit),
    }),
  ),
  Expression: v.optional(text),
  Label: v.optional(string),
  ReturnData: v.optional(flag),
  Period: v.optional(period),
});
export type MetricDataQuery = v.InferOutput<typeof metricDataQuery>;

/** What one query reads. */
export interface Query {
  readonly id: string;
  readonly periodSeconds: number;
  /** Every metric that it needs, itself or through other queries. */
  readonly metrics: readonly Metric[];
  /** Oldest first. */
  datapoints(metrics: Metrics, grid: Grid): readonly Datapoint[];
}

/** Throws ValidationException for what cannot be read: an unknown statistic or id, a circle, metrics of several periods. */
export function queriesFrom(inputs: readonly MetricDataQuery[]): readonly Query[] {
  const byId = new Map(inputs.map((input) => [input.Id, input]));
  if (byId.size < inputs.length) throw invalid('An Id may be given once.');
  const ready = new Map<string, Prepared>();
  const prepare = (id: string, asking: readonly string[]): Prepared => {
    const input = byId.get(id);
    if (!input) throw invalid(`No query has the Id '${id}'; received: ${[...byId.keys()].join(', ')}.`);
    if (asking.includes(id)) throw invalid(`The query '${id}' needs itself: ${[...asking, id].join(' → ')}.`);
    const prepared = ready.get(id) ?? preparedFrom(input, (inner) => prepare(inner, [...asking, id]));
    ready.set(id, prepared);
    return prepared;
  };
  for (const { Id } of inputs) prepare(Id, []);
  return inputs.map(({ Id }) => queryOf(Id, ready));
}

/** Throws ValidationException. */
export function statisticFrom(name: string): Statistic {
  const found = statisticNamed(name);
  if (found) return found;
  throw invalid(
    `The statistic '${name}' is not supported by the sandbox; supported here: ${SUPPORTED_STATISTICS}.`,
  );
}

export function metricOf(input: {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: v.InferOutput<typeof dimensions>;
}): Metric {
  const named = Object.fromEntries(input.Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: input.Namespace, name: input.MetricName, dimensions: named };
}

interface Prepared {
  readonly periodSeconds: number;
  readonly metrics: readonly Metric[];
  readonly reads:
    | { readonly kind: 'metric'; datapoints(metrics: Metrics, grid: Grid): readonly Datapoint[] }
    | { readonly kind: 'expression'; readonly expression: Expression };
}

function preparedFrom(input: MetricDataQuery, prepare: (id: string) => Prepared): Prepared {
  const { Id, MetricStat, Expression } = input;
  if (MetricStat !== undefined && Expression === undefined) return preparedMetric(MetricStat);
  if (Expression !== undefined && MetricStat === undefined)
    return preparedExpression(input, parsed(Expression), prepare);
  throw invalid(`The query '${Id}' needs either a MetricStat or an Expression.`);
}

function preparedMetric(asked: NonNullable<MetricDataQuery['MetricStat']>): Prepared {
  const [metric, statistic] = [metricOf(asked.Metric), statisticFrom(asked.Stat)];
  return {
    periodSeconds: asked.Period,
    metrics: [metric],
    reads: {
      kind: 'metric',
      datapoints: (metrics, grid) => datapointsOf(bucketsOf(metrics, metric, grid, asked.Unit), statistic),
    },
  };
}

function preparedExpression(
  { Id, Period }: MetricDataQuery,
  expression: Expression,
  prepare: (id: string) => Prepared,
): Prepared {
  const needed = [...new Set(idsIn(expression))].map(prepare);
  const own = Period === undefined ? [] : [Period];
  const periods = new Set([...needed.map(({ periodSeconds }) => periodSeconds), ...own]);
  const [periodSeconds, ...others] = periods;
  if (periodSeconds === undefined || needed.length === 0)
    throw invalid(`The expression '${Id}' needs the Id of at least one metric.`);
  if (others.length > 0)
    throw invalid(
      `The sandbox supports metrics of one Period in an expression; '${Id}' has ${[periodSeconds, ...others].join(', ')} seconds.`,
    );
  const metrics = needed.flatMap((each) => each.metrics);
  return { periodSeconds, metrics, reads: { kind: 'expression', expression } };
}

function parsed(text: string): Expression {
  try {
    return parseMath(text);
  } catch (error) {
    if (error instanceof MathError) throw invalid(error.message);
    throw error;
  }
}

function queryOf(id: string, all: ReadonlyMap<string, Prepared>): Query {
  const { periodSeconds, metrics: needed, reads } = all.get(id)!;
  return {
    id,
    periodSeconds,
    metrics: needed,
    datapoints: (metrics, grid) =>
      reads.kind === 'metric' ? reads.datapoints(metrics, grid) : calculated(id, all, metrics, grid),
  };
}

/** Where no metric has a value in the whole range, FILL fills nothing: there is nothing of which a value is missing. */
function calculated(
  id: string,
  all: ReadonlyMap<string, Prepared>,
  metrics: Metrics,
  grid: Grid,
): readonly Datapoint[] {
  const known = new Map<string, Value>();
  const endMs = grid.startMs + grid.periods * grid.periodMs;
  const isMeasured = all
    .get(id)!
    .metrics.some((metric) => metrics.samples(metric, { startMs: grid.startMs, endMs }).length > 0);
  const times = isMeasured ? timesOf(grid) : [];
  const read = (inner: string): Value => {
    const value = known.get(inner) ?? readAnew(inner);
    known.set(inner, value);
    return value;
  };
  const readAnew = (inner: string): Value => {
    const { reads } = all.get(inner)!;
    if (reads.kind === 'expression') return mathValue(reads.expression, read, times);
    return new Map(reads.datapoints(metrics, grid).map(({ atMs, value }) => [atMs, value]));
  };
  const value = read(id);
  const at = (atMs: number) => (typeof value === 'number' ? value : value.get(atMs));
  return times.flatMap((atMs) => {
    const found = at(atMs);
    return found === undefined || !Number.isFinite(found)
      ? []
      : [{ atMs, value: found, sampleCount: undefined }];
  });
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

import { invalid } from './errors.ts';
import { type Expression, idsIn, parseMath } from './math/parse.ts';
import { mathValue, type Value } from './math/series.ts';
import { MathError } from './math/tokens.ts';
import { type MetricDataQuery, metricOf } from './metric-data-query.ts';
import type { Metric, Metrics } from './metrics.ts';
import { bucketsOf, type Datapoint, datapointsOf, type Grid, timesOf } from './read-metric.ts';
import { type Statistic, SUPPORTED_STATISTICS, statisticNamed } from './statistics.ts';

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
  const ids = inputs.map(({ Id }) => Id).join(', ');
  if (byId.size < inputs.length) throw invalid(`An Id may be given once; received: ${ids}.`);
  const ready = new Map<string, Prepared>();
  const prepare = (id: string, asking: readonly string[]): Prepared => {
    const input = byId.get(id);
    if (!input) throw invalid(`No query has the Id '${id}'; received: ${ids}.`);
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
  const metrics = [...new Set(needed.flatMap((each) => each.metrics))];
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

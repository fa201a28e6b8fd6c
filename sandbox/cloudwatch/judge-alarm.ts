import type { Definition } from './definition.ts';
import { type Judgement, judge, type Rule } from './judge.ts';
import type { Metrics } from './metrics.ts';
import type { Grid } from './read-metric.ts';
import { leastSamplesOf, watchOf } from './watch.ts';

/** What an alarm finds in these periods. */
export function judgementOf(definition: Definition, metrics: Metrics, grid: Grid): Judgement {
  const found = new Map(
    watchOf(definition)
      .datapoints(metrics, grid)
      .map((point) => [point.atMs, point]),
  );
  const { startMs, periodMs, periods } = grid;
  const newestFirst = Array.from({ length: periods }, (_, index) =>
    found.get(startMs + (periods - 1 - index) * periodMs),
  );
  return judge(newestFirst, ruleOf(definition));
}

function ruleOf(definition: Definition): Rule {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods, Threshold } = definition;
  const comparisons: Record<Definition['ComparisonOperator'], Rule['breaches']> = {
    GreaterThanOrEqualToThreshold: (value) => value >= Threshold,
    GreaterThanThreshold: (value) => value > Threshold,
    LessThanThreshold: (value) => value < Threshold,
    LessThanOrEqualToThreshold: (value) => value <= Threshold,
  };
  const { TreatMissingData: missing = 'missing' } = definition;
  const breaches = comparisons[definition.ComparisonOperator];
  return { periods, needed, breaches, missing, leastSamples: leastSamplesOf(definition) };
}

import type { Definition } from './definition.ts';
import type { Judgement } from './judge.ts';
import { statisticOf } from './watch.ts';

/** In how many words and numbers a reason names datapoints; CloudWatch allows it 1023 characters. */
const MOST_NAMED = 10;

const COMPARISONS: Readonly<Record<Definition['ComparisonOperator'], string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

const TREATED = {
  breaching: 'Breaching',
  notBreaching: 'NonBreaching',
  ignore: 'Ignored',
  missing: 'Missing',
};

/** Why an alarm is in its state: the values found, the threshold, how many datapoints are needed. */
export function reasonOf(definition: Definition, { value, evaluated, breaching, filled }: Judgement): string {
  const {
    EvaluationPeriods: periods,
    DatapointsToAlarm = periods,
    TreatMissingData = 'missing',
  } = definition;
  if (value === 'INSUFFICIENT_DATA') return `Insufficient Data: ${counted(periods)} missing.`;
  const treated = `${counted(filled)} missing and treated as [${TREATED[TreatMissingData]}]`;
  const needed = `${DatapointsToAlarm} out of ${periods} are needed for ALARM.`;
  if (evaluated.length === 0) return `Threshold Crossed: ${treated}; ${needed}`;
  const values = evaluated.slice(0, MOST_NAMED).map((point) => `${point.value} (${instant(point.atMs)})`);
  const more = evaluated.length > MOST_NAMED ? [`${evaluated.length - MOST_NAMED} more`] : [];
  const found = `${breaching} out of the last ${evaluated.length} datapoints [${[...values, ...more].join(', ')}]`;
  const comparison = `${breaching === 1 ? 'was' : 'were'} ${COMPARISONS[definition.ComparisonOperator]} the threshold (${definition.Threshold})`;
  return `Threshold Crossed: ${found} ${comparison}${filled > 0 ? `, ${treated}` : ''}; ${needed}`;
}

/** The same for programs, as JSON. Times are those of the datapoints' periods. */
export function reasonDataOf(
  definition: Definition,
  periodSeconds: number,
  { evaluated }: Judgement,
  nowMs: number,
): string {
  const oldest = evaluated.at(-1);
  const statistic = statisticOf(definition);
  return JSON.stringify({
    version: '1.0',
    queryDate: instant(nowMs),
    ...(oldest && { startDate: instant(oldest.atMs) }),
    ...(definition.Unit !== undefined && { unit: definition.Unit }),
    ...(statistic !== undefined && { statistic }),
    period: periodSeconds,
    recentDatapoints: evaluated.map(({ value }) => value).reverse(),
    threshold: definition.Threshold,
    evaluatedDatapoints: evaluated.map(({ atMs, value, sampleCount }) => ({
      timestamp: instant(atMs),
      ...(sampleCount !== undefined && { sampleCount }),
      value,
    })),
  });
}

/** As CloudWatch writes times in events and reasons. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function counted(datapoints: number): string {
  return datapoints === 1 ? '1 datapoint was' : `${datapoints} datapoints were`;
}

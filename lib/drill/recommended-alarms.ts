import { formatDuration } from './plan/duration.ts';
import type { Plan } from './plan/plan.ts';

/** In the names of CloudWatch's PutMetricAlarm, which CloudFormation shares. */
export type RecommendedAlarm = Rule & (OfMath | OfPercentile);

interface Rule {
  AlarmName: string;
  AlarmDescription: string;
  ComparisonOperator: 'GreaterThanThreshold';
  /** Percent of the requests, or seconds. */
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  TreatMissingData: 'notBreaching';
}

interface OfMath {
  Metrics: MetricDataQuery[];
}

interface OfPercentile extends Metric {
  ExtendedStatistic: 'p99';
  Period: number;
  EvaluateLowSampleCountPercentile: 'evaluate';
}

type MetricDataQuery =
  | { Id: string; MetricStat: { Metric: Metric; Period: number; Stat: 'Sum' }; ReturnData: false }
  | { Id: string; Expression: string; ReturnData: boolean };

interface Metric {
  Namespace: 'AWS/ApplicationELB';
  MetricName: string;
  Dimensions: Dimension[];
}

interface Dimension {
  Name: 'LoadBalancer' | 'TargetGroup';
  Value: string;
}

type Described = Pick<Plan, 'name' | 'recommendedAlarms'>;
type Asked = NonNullable<Plan['recommendedAlarms']>;

const PERIOD_SECONDS = 60;
const MOST_5XX_PERCENT = 5;
const TIMES_THE_ERROR_RATE = 5;
const TIMES_THE_P99 = 2;

/**
 * The alarms that the source documents ask for ("5xx > 5 % for 2 minutes", "error ratio > 5× baseline", "p99 > 2× baseline
 * for 5 minutes"), on what an Application Load Balancer tells of the target. None without the plan's `recommendedAlarms`;
 * those that compare with a baseline only when it is given.
 */
export function recommendedAlarms({
  name,
  recommendedAlarms: asked,
}: Described): readonly RecommendedAlarm[] {
  if (!asked) return [];
  return [share(name, asked), errorRatio(name, asked), p99(name, asked)].filter((alarm) => alarm !== null);
}

/** From the first bad minute to the change of state, in milliseconds, without the time until metrics are published. */
export function evaluatedOverMs({ EvaluationPeriods }: RecommendedAlarm): number {
  return EvaluationPeriods * PERIOD_SECONDS * 1_000;
}

function share(name: string, asked: Asked): RecommendedAlarm {
  const over = `More than ${MOST_5XX_PERCENT} % of the requests were answered with 5xx in each of two minutes.`;
  return {
    AlarmName: `${name}-5xx-share`,
    AlarmDescription: described(over, name),
    ...running(2),
    Threshold: MOST_5XX_PERCENT,
    Metrics: shareOf5xx(asked),
  };
}

function errorRatio(name: string, asked: Asked): RecommendedAlarm | null {
  const { errorRate } = asked.baseline;
  if (errorRate === undefined) return null;
  const usual = decimal(errorRate * 100);
  const percent = decimal(TIMES_THE_ERROR_RATE * usual);
  const over = `More than ${percent} % of the requests (${TIMES_THE_ERROR_RATE} times the usual ${usual} %) were answered with 5xx in each of two minutes.`;
  return {
    AlarmName: `${name}-error-ratio`,
    AlarmDescription: described(over, name),
    ...running(2),
    Threshold: percent,
    Metrics: shareOf5xx(asked),
  };
}

/**
 * `evaluate`, because with `ignore` CloudWatch waits for 10 ÷ (1 − 0.99) = 1000 requests a minute, and the alarm of a
 * quieter service would never change.
 */
function p99(name: string, asked: Asked): RecommendedAlarm | null {
  const { p99Ms } = asked.baseline;
  if (p99Ms === undefined) return null;
  const limitMs = TIMES_THE_P99 * p99Ms;
  const over = `The slowest hundredth of the responses took longer than ${formatDuration(limitMs)} (${TIMES_THE_P99} times the usual ${formatDuration(p99Ms)}) in each of five minutes.`;
  return {
    AlarmName: `${name}-p99`,
    AlarmDescription: described(over, name),
    ...running(5),
    Threshold: limitMs / 1_000,
    ...metric('TargetResponseTime', ofTarget(asked)),
    ExtendedStatistic: 'p99',
    Period: PERIOD_SECONDS,
    EvaluateLowSampleCountPercentile: 'evaluate',
  };
}

/**
 * Per minute, in percent. An Application Load Balancer publishes no zeros, so every count is filled. RequestCount knows only
 * requests for which a target could be chosen, so those answered with 503 for want of one are added. What the balancer
 * itself answers is not told by target group: on a shared balancer the errors of its other services count too.
 *
 * A minute without any request, and one that is not published yet, is 0 ÷ 0, which CloudWatch drops: it counts as missing.
 * As a 0 the newest minute would always look well, and the alarm would never change.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function shareOf5xx(asked: Asked): MetricDataQuery[] {
  return [
    count('target5xx', 'HTTPCode_Target_5XX_Count', ofTarget(asked)),
    count('balancer5xx', 'HTTPCode_ELB_5XX_Count', ofBalancer(asked)),
    count('targeted', 'RequestCount', ofTarget(asked)),
    count('untargeted', 'HTTPCode_ELB_503_Count', ofBalancer(asked)),
    { Id: 'errors', Expression: 'FILL(target5xx,0)+FILL(balancer5xx,0)', ReturnData: false },
    { Id: 'requests', Expression: 'FILL(targeted,0)+FILL(untargeted,0)', ReturnData: false },
    { Id: 'share', Expression: '100*errors/requests', ReturnData: true },
  ];
}

function count(Id: string, MetricName: string, Dimensions: Dimension[]): MetricDataQuery {
  const MetricStat = { Metric: metric(MetricName, Dimensions), Period: PERIOD_SECONDS, Stat: 'Sum' as const };
  return { Id, MetricStat, ReturnData: false };
}

function metric(MetricName: string, Dimensions: Dimension[]): Metric {
  return { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
}

function ofTarget({ targetGroup, ...asked }: Asked): Dimension[] {
  return [{ Name: 'TargetGroup', Value: targetGroup }, ...ofBalancer(asked)];
}

function ofBalancer({ loadBalancer }: Pick<Asked, 'loadBalancer'>): Dimension[] {
  return [{ Name: 'LoadBalancer', Value: loadBalancer }];
}

/** No traffic is no evidence against the release. */
function running(periods: number): Omit<Rule, 'AlarmName' | 'AlarmDescription' | 'Threshold'> {
  return {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: periods,
    DatapointsToAlarm: periods,
    TreatMissingData: 'notBreaching',
  };
}

function described(over: string, plan: string): string {
  return `${over} Recommended for the rollback drill plan ${plan}.`;
}

/** Without the dust of binary fractions: 0.3, not 0.30000000000000004. */
function decimal(value: number): number {
  return Number(value.toPrecision(12));
}

import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { evaluatedOverMs, recommendedAlarms } from '../../../lib/drill/recommended-alarms.ts';

const ASKED = {
  loadBalancer: 'app/shop/50dc6c495c0c9188',
  targetGroup: 'targetgroup/shop/6d0ecf831eec9f09',
  baseline: { p99Ms: 250, errorRate: 0.001 },
};
const BALANCER = [{ Name: 'LoadBalancer', Value: ASKED.loadBalancer }];
const TARGET = [{ Name: 'TargetGroup', Value: ASKED.targetGroup }, ...BALANCER];

/** What CloudWatch takes, by its own types. */
function made(asked: Partial<typeof ASKED> = {}): readonly PutMetricAlarmCommandInput[] {
  return recommendedAlarms({ name: 'shop', recommendedAlarms: { ...ASKED, ...asked } });
}

function named(name: string): PutMetricAlarmCommandInput {
  const alarm = made().find(({ AlarmName }) => AlarmName === name);
  if (!alarm) throw new Error(`no alarm has the name ${name}`);
  return alarm;
}

describe('recommended alarms', () => {
  test('are none that the plan does not ask for, and none that compare with what is not known', () => {
    expect(recommendedAlarms({ name: 'shop' })).toEqual([]);
    expect(made({ baseline: {} as typeof ASKED.baseline }).map(({ AlarmName }) => AlarmName)).toEqual([
      'shop-5xx-share',
    ]);
  });

  test('do nothing by themselves, and take silence for no evidence', () => {
    expect(made()).toHaveLength(3);
    for (const alarm of made()) {
      expect(Object.keys(alarm).filter((key) => key.endsWith('Actions'))).toEqual([]);
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
      expect(alarm.DatapointsToAlarm).toBe(alarm.EvaluationPeriods);
    }
  });

  test('tell what they mean, and which plan they belong to', () => {
    expect(made().map(({ AlarmDescription }) => AlarmDescription)).toEqual([
      'More than 5 % of the requests were answered with 5xx in each of two minutes. Recommended for the rollback drill plan shop.',
      'More than 0.5 % of the requests (5 times the usual 0.1 %) were answered with 5xx in each of two minutes. Recommended for the rollback drill plan shop.',
      'The slowest hundredth of the responses took longer than 500ms (2 times the usual 250ms) in each of five minutes. Recommended for the rollback drill plan shop.',
    ]);
  });

  test('say how long they look before they change', () => {
    const alarms = recommendedAlarms({ name: 'shop', recommendedAlarms: ASKED });
    expect(alarms.map(evaluatedOverMs)).toEqual([120_000, 120_000, 300_000]);
  });
});

describe('the share of 5xx', () => {
  const { Metrics = [], ...rule } = named('shop-5xx-share');

  test('forgets neither what the balancer answers itself nor the requests that no target was left for', () => {
    expect(Metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [[Id, MetricStat]] : []))).toEqual(
      [
        ['target5xx', 'HTTPCode_Target_5XX_Count', TARGET],
        ['balancer5xx', 'HTTPCode_ELB_5XX_Count', BALANCER],
        ['targeted', 'RequestCount', TARGET],
        ['untargeted', 'HTTPCode_ELB_503_Count', BALANCER],
      ].map(([id, MetricName, Dimensions]) => [
        id,
        { Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions }, Period: 60, Stat: 'Sum' },
      ]),
    );
  });

  test('has no value, rather than a good one, while nothing is published: its newest minute never hides the others', () => {
    expect(Metrics.flatMap(({ Id, Expression }) => (Expression ? [[Id, Expression]] : []))).toEqual([
      ['errors', 'FILL(target5xx,0)+FILL(balancer5xx,0)'],
      ['requests', 'FILL(targeted,0)+FILL(untargeted,0)'],
      ['share', '100*errors/requests'],
    ]);
  });

  test('is the only series that is watched', () => {
    expect(Metrics.filter(({ ReturnData }) => ReturnData !== false).map(({ Id }) => Id)).toEqual(['share']);
  });

  test('is too large above 5 % in each of two minutes', () => {
    expect(rule).toMatchObject({ Threshold: 5, EvaluationPeriods: 2 });
  });

  test('is too large above five times the usual share, too, told without the dust of binary fractions', () => {
    expect(named('shop-error-ratio')).toMatchObject({ Threshold: 0.5, EvaluationPeriods: 2, Metrics });
    const dusty = made({ baseline: { p99Ms: 250, errorRate: 0.0006 } });
    expect(dusty.map(({ Threshold }) => Threshold)).toContain(0.3);
  });
});

describe('the 99th percentile', () => {
  test('is too slow above twice the usual time in each of five minutes, and is judged however few the requests', () => {
    expect(named('shop-p99')).toMatchObject({
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'TargetResponseTime',
      Dimensions: TARGET,
      ExtendedStatistic: 'p99',
      Period: 60,
      Threshold: 0.5,
      EvaluationPeriods: 5,
      EvaluateLowSampleCountPercentile: 'evaluate',
    });
  });
});

import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type RecommendedAlarm, recommendedAlarms } from '../drill/recommended-alarms.ts';
import type { DeployablePlan } from './plans.ts';

/** As much as that off the baseline is more than chance; as long as that, it is no single bad minute. */
const OFF_BASELINE = 1.1;
const PERIODS = { EvaluationPeriods: 15, DatapointsToAlarm: 10 };

/**
 * Of each plan that tells what is usual: whether its service is more than 10 % off that, for most of a quarter of an hour, as
 * after a rollback that was not whole. They are shown on the dashboard and do nothing by themselves. Answers their names.
 */
export function baselineAlarms(scope: Construct, plans: readonly DeployablePlan[]): readonly string[] {
  const alarms = new Construct(scope, 'BaselineAlarms');
  const made = plans.flatMap(offBaseline);
  for (const properties of made)
    new CfnResource(alarms, properties.AlarmName, { type: 'AWS::CloudWatch::Alarm', properties });
  return made.map(({ AlarmName }) => AlarmName);
}

/** On the same metrics as the recommended ones that compare with the baseline. */
function offBaseline(plan: DeployablePlan): readonly RecommendedAlarm[] {
  const { errorRate, p99Ms } = plan.recommendedAlarms?.baseline ?? {};
  const usual = new Map([
    [`${plan.name}-error-ratio`, errorRate === undefined ? undefined : errorRate * 100],
    [`${plan.name}-p99`, p99Ms === undefined ? undefined : p99Ms / 1_000],
  ]);
  return recommendedAlarms(plan).flatMap((alarm) => {
    const baseline = usual.get(alarm.AlarmName);
    if (baseline === undefined) return [];
    return {
      ...alarm,
      ...PERIODS,
      AlarmName: `${alarm.AlarmName}-off-baseline`,
      AlarmDescription: `More than 10 % off the baseline of plan ${plan.name} in 10 of 15 minutes.`,
      Threshold: Number((OFF_BASELINE * baseline).toPrecision(6)),
    };
  });
}

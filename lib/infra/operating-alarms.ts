import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

const period = Duration.minutes(5);
const NOT_ENDED_WELL =
  'A rollback drill failed, ran out of time or was stopped. The watchdog has been woken and restores the target; its receipt or a page tells how that ended.';
const WATCHDOG_FAILED =
  'The watchdog failed and is tried again. If this goes on, a target may be left on a known-bad release: see `drill recover` and the commands in the page.';

/** What somebody has to know of the product itself, at the first time. The topic is told. */
export function operatingAlarms(
  scope: Construct,
  { drill, watchdog, topic }: { drill: StateMachine; watchdog: IFunction; topic: Topic },
): readonly Alarm[] {
  // An alarm each, and not one on their sum, which costs as much and tells less.
  const endings = {
    DrillsFailedAlarm: drill.metricFailed({ period }),
    DrillsOutOfTimeAlarm: drill.metricTimedOut({ period }),
    DrillsStoppedAlarm: drill.metricAborted({ period }),
  };
  const made = [
    ...Object.entries(endings).map(([id, metric]) => once(scope, id, metric, NOT_ENDED_WELL)),
    once(scope, 'WatchdogAlarm', watchdog.metricErrors({ period }), WATCHDOG_FAILED),
  ];
  for (const alarm of made) alarm.addAlarmAction(new SnsAction(topic));
  return made;
}

function once(scope: Construct, id: string, metric: IMetric, alarmDescription: string): Alarm {
  return new Alarm(scope, id, {
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription,
  });
}

import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

const period = Duration.minutes(5);

/** What somebody has to know of the product itself, at the first time. The topic is told. */
export function operatingAlarms(
  scope: Construct,
  { drill, watchdog, topic }: { drill: StateMachine; watchdog: IFunction; topic: Topic },
): readonly Alarm[] {
  const made = [
    once(
      scope,
      'DrillsNotEndedWellAlarm',
      notEndedWell(drill),
      'A rollback drill failed, ran out of time or was stopped. The watchdog has been woken and restores the target; its receipt or a page tells how that ended.',
    ),
    once(
      scope,
      'WatchdogAlarm',
      watchdog.metricErrors({ period }),
      'The watchdog failed and is tried again. If this goes on, a target may be left on a known-bad release: see `drill recover` and the commands in the page.',
    ),
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

function notEndedWell(drill: StateMachine): MathExpression {
  return new MathExpression({
    expression: 'FILL(failed,0)+FILL(timedOut,0)+FILL(stopped,0)',
    label: 'drills that did not end well',
    usingMetrics: {
      failed: drill.metricFailed({ period }),
      timedOut: drill.metricTimedOut({ period }),
      stopped: drill.metricAborted({ period }),
    },
    period,
  });
}

import { Duration, TimeZone } from 'aws-cdk-lib';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Plan } from '../drill/plan/plan.ts';
import { firstStart } from './first-start.ts';

/** One schedule for each plan that has one. A drill that could not start in time does not start later. */
export function schedules(
  scope: Construct,
  { plans, now }: { readonly plans: readonly Plan[]; readonly now: number },
  drill: StateMachine,
  undelivered: Queue,
): void {
  for (const { name, schedule } of plans) {
    if (!schedule) continue;
    const start = firstStart(schedule, now);
    new Schedule(scope, `Schedule-${name}`, {
      description: `Starts the rollback drill of plan ${name}`,
      schedule: ScheduleExpression.expression(
        schedule.expression,
        TimeZone.of(schedule.timezone ?? 'Etc/UTC'),
      ),
      ...(start === undefined ? {} : { start: new Date(start) }),
      target: new StepFunctionsStartExecution(drill, {
        input: ScheduleTargetInput.fromObject({
          plan: name,
          startedBy: 'schedule',
          scheduledAt: ContextAttribute.scheduledTime,
        }),
        retryAttempts: 2,
        maxEventAge: Duration.millis(schedule.startWithinMs),
        deadLetterQueue: undelivered,
      }),
    });
  }
}

import { Annotations, Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { iso } from '../drill/clock.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { firstStart, skippedStart } from './first-start.ts';
import { scheduleGroupOf } from './names.ts';
import { scheduler } from './scheduler-role.ts';

/**
 * One schedule for each plan that has one. Not straight to the state machine: a schedule may fire twice, and only the name of
 * the execution, which StartDrill makes of the plan and the time, keeps that from being two drills.
 */
export function schedules(
  scope: Construct,
  { plans, now }: { readonly plans: readonly Plan[]; readonly now: number },
  startDrill: Lambda,
  undelivered: Queue,
): void {
  startDrill.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(undelivered) });
  const scheduleGroup = new ScheduleGroup(scope, 'Schedules', { scheduleGroupName: scheduleGroupOf(scope) });
  scheduleGroup.applyRemovalPolicy(RemovalPolicy.DESTROY);
  if (plans.every(({ schedule }) => !schedule)) return;
  const role = new Role(scope, 'StarterRole', { assumedBy: scheduler(scope) });
  for (const { name, schedule } of plans) {
    if (!schedule) continue;
    const start = firstStart(schedule, now);
    const made = new Schedule(scope, `Schedule-${name}`, {
      description: `Starts the rollback drill of plan ${name}`,
      scheduleGroup,
      schedule: ScheduleExpression.expression(
        schedule.expression,
        TimeZone.of(schedule.timezone ?? 'Etc/UTC'),
      ),
      ...(start === undefined ? {} : { start: new Date(start) }),
      target: new LambdaInvoke(startDrill, {
        input: ScheduleTargetInput.fromObject({ plan: name, scheduledAt: ContextAttribute.scheduledTime }),
        retryAttempts: 2,
        maxEventAge: Duration.millis(schedule.startWithinMs),
        deadLetterQueue: undelivered,
        role,
      }),
    });
    warnOfSkipped(made, name, skippedStart(schedule, now), start);
  }
}

function warnOfSkipped(schedule: Schedule, plan: string, skipped = Number.NaN, next = Number.NaN): void {
  if (Number.isNaN(skipped)) return;
  Annotations.of(schedule).addWarningV2(
    'rollback-drills:skipped-start',
    `The drill of plan ${plan} at ${iso(skipped)} is left out, because this deployment may still be under way then; the next one is at ${iso(next)}. Deploy after it to keep it.`,
  );
}

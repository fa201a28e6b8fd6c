import { createHash } from 'node:crypto';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Deadline } from '../../ports.ts';

interface Watchdog {
  readonly functionArn: string;
  readonly roleArn: string;
}

/** A one-time schedule that invokes the watchdog. EventBridge Scheduler fires within the minute that it names. */
export function scheduledDeadline(scheduler: SchedulerClient, watchdog: Watchdog): Deadline {
  return {
    async arm(drillId, at) {
      const command = new CreateScheduleCommand({
        Name: nameOf(drillId),
        ScheduleExpression: `at(${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: watchdog.functionArn,
          RoleArn: watchdog.roleArn,
          Input: JSON.stringify({ drillId, reason: 'the drill’s deadline has passed' }),
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 86_400 },
        },
      });
      await scheduler.send(command).catch(benign('ConflictException'));
    },
    async disarm(drillId) {
      await scheduler
        .send(new DeleteScheduleCommand({ Name: nameOf(drillId) }))
        .catch(benign('ResourceNotFoundException'));
    },
  };
}

/** Schedule names have at most 64 characters; drill ids may have 80. */
function nameOf(drillId: string): string {
  return `rollback-drill-${createHash('sha256').update(drillId).digest('hex').slice(0, 32)}`;
}

function benign(name: string): (error: Error) => void {
  return (error) => {
    if (error.name !== name) throw error;
  };
}

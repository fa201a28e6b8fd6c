import { createHash } from 'node:crypto';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Emergency } from '../../drill/emergency.ts';
import type { Deadline } from '../../ports/waits.ts';

interface Watchdog {
  readonly functionArn: string;
  readonly roleArn: string;
  /** The group that its schedules are in. */
  readonly groupName: string;
}

/** A one-time schedule that invokes the watchdog. EventBridge Scheduler fires within the minute that it names. */
export function scheduledDeadline(scheduler: SchedulerClient, watchdog: Watchdog): Deadline {
  const keyOf = (drillId: string) => ({ GroupName: watchdog.groupName, Name: nameOf(drillId) });
  return {
    async arm(drillId, at, emergency) {
      const schedule = scheduleOf(watchdog, drillId, at, emergency);
      try {
        await scheduler.send(new CreateScheduleCommand(schedule));
      } catch (error) {
        if ((error as Error).name !== 'ConflictException') throw error;
        await scheduler.send(new UpdateScheduleCommand(schedule));
      }
    },
    async read(drillId) {
      const found = await scheduler.send(new GetScheduleCommand(keyOf(drillId))).catch(absent);
      if (!found?.Target?.Input) return undefined;
      return (JSON.parse(found.Target.Input) as { readonly emergency: Emergency }).emergency;
    },
    async disarm(drillId) {
      await scheduler.send(new DeleteScheduleCommand(keyOf(drillId))).catch(absent);
    },
  };
}

/** Stays when it has fired: what it carries may still be needed, and it is armed again until the drill is sealed. */
function scheduleOf(
  { functionArn, roleArn, groupName }: Watchdog,
  drillId: string,
  at: number,
  emergency: Emergency,
): CreateScheduleCommandInput {
  const Input = JSON.stringify({
    drillId,
    reason: 'the drill’s deadline has passed',
    wokenBy: 'deadline',
    emergency,
  });
  return {
    GroupName: groupName,
    Name: nameOf(drillId),
    ScheduleExpression: `at(${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'NONE',
    Target: {
      Arn: functionArn,
      RoleArn: roleArn,
      Input,
      RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 86_400 },
    },
  };
}

/** Schedule names have at most 64 characters; drill ids may have 80. */
function nameOf(drillId: string): string {
  return `rollback-drill-${createHash('sha256').update(drillId).digest('hex').slice(0, 32)}`;
}

function absent(error: Error): undefined {
  if (error.name !== 'ResourceNotFoundException') throw error;
}

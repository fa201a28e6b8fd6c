import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { iso } from '../../drill/clock.ts';
import type { Alarm } from '../../drill/guardrails/surroundings.ts';
import type { Alarms } from '../../ports/guardrails.ts';

/** CloudWatch takes at most this many names in one call, and answers as many at once. */
const MOST_NAMES = 100;

/** Metric alarms and composite alarms alike. */
export function cloudWatchAlarms(cloudWatch: CloudWatchClient): Alarms {
  return {
    async states(names) {
      const parts = Array.from({ length: Math.ceil(names.length / MOST_NAMES) }, (_, part) =>
        names.slice(part * MOST_NAMES, (part + 1) * MOST_NAMES),
      );
      const found = await Promise.all(parts.map((part) => described(cloudWatch, part)));
      return found.flat();
    },
  };
}

async function described(cloudWatch: CloudWatchClient, names: readonly string[]): Promise<readonly Alarm[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: [...names],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: MOST_NAMES,
    }),
  );
  return [...MetricAlarms, ...CompositeAlarms].flatMap(
    ({ AlarmName, StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp, StateReason }) => {
      const at = StateTransitionedTimestamp ?? StateUpdatedTimestamp;
      if (AlarmName === undefined || StateValue === undefined) return [];
      const reason = StateReason ? { reason: StateReason } : {};
      return [{ name: AlarmName, state: StateValue, since: at ? iso(at.getTime()) : null, ...reason }];
    },
  );
}

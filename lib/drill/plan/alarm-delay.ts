import { evaluatedOverMs, recommendedAlarms } from '../recommended-alarms.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { type Finding, placeOf } from './place.ts';

/** Until CloudWatch has the metrics of a load balancer; one to two minutes by experience, nowhere promised. */
const PUBLISHED_WITHIN_MS = 120_000;

/** A recommended alarm that cannot change in time rehearses nothing. In the sandbox the plan scales the time. */
export function timeForAlarms({ environment, detectWithin, triggers = [], ...draft }: Draft): Finding[] {
  if (environment === undefined || environment === 'sandbox' || detectWithin === undefined) return [];
  const alarms = alarmsOf(draft);
  const needs = triggers.flatMap((trigger, index) => {
    const { condition, name = placeOf(['triggers', index]) } = trigger ?? {};
    const alarm = condition?.kind === 'alarm' && alarms.find((made) => made.AlarmName === condition.alarm);
    return alarm ? [{ name, periods: alarm.EvaluationPeriods, ms: evaluatedOverMs(alarm) }] : [];
  });
  const [slowest] = needs.toSorted((a, b) => b.ms - a.ms);
  if (!slowest || detectWithin >= slowest.ms + PUBLISHED_WITHIN_MS) return [];
  const least = formatDuration(slowest.ms + PUBLISHED_WITHIN_MS);
  const period = formatDuration(slowest.ms / slowest.periods);
  const message = `must be at least ${least}, which the recommended alarm of the trigger ${slowest.name} needs (${slowest.periods} periods × ${period} + ${formatDuration(PUBLISHED_WITHIN_MS)} until metrics are published); received ${formatDuration(detectWithin)}.`;
  return [{ path: ['detectWithin'], message }];
}

/** Those whose every value is known. */
function alarmsOf({ name, recommendedAlarms: asked }: Draft): ReturnType<typeof recommendedAlarms> {
  const { loadBalancer = '', targetGroup = '', baseline: { p99: p99Ms, errorRate } = {} } = asked ?? {};
  if (name === undefined || !asked) return [];
  const baseline = {
    ...(p99Ms === undefined ? {} : { p99Ms }),
    ...(errorRate === undefined ? {} : { errorRate }),
  };
  return recommendedAlarms({ name, recommendedAlarms: { loadBalancer, targetGroup, baseline } });
}

import { iso } from './clock.ts';
import type { Alarm } from './guardrails/surroundings.ts';
import { formatDuration } from './plan/duration.ts';
import type { StopConditions } from './plan/plan.ts';
import { describeSafetySwitch, type SafetySwitchState, stopsDrills } from './safety-switch.ts';
import { describe, inOrder, type Sample } from './witness/sample.ts';

/** Why a drill is to be stopped: the condition, and the value found with the value allowed. */
export interface Stop {
  readonly condition: 'safety-switch' | 'maximum-failing-share' | 'maximum-bad-for' | 'alarm';
  readonly reason: string;
}

/** The safety switch stops a drill whatever it is doing. */
export function stoppedBySwitch(state: SafetySwitchState | null): Stop | null {
  if (state === null || !stopsDrills(state)) return null;
  const reason = `the safety switch is ${describeSafetySwitch(state)}; a drill goes on only while it is off`;
  return { condition: 'safety-switch', reason };
}

export interface HarmFacts {
  readonly samples: readonly Sample[];
  /** When the known-bad release was deployed; what failed before is not the drill's doing. */
  readonly deployedAt: number;
  /** As they were last read; those that could not be read are not among them. */
  readonly alarms: readonly Alarm[];
}

/** The first limit of harm that the drill has exceeded; `null` while it is within all of them. */
export function stopReason(
  conditions: StopConditions,
  { samples, deployedAt, alarms }: HarmFacts,
): Stop | null {
  const during = inOrder(samples.filter(({ at }) => at >= deployedAt));
  return failingShare(conditions, during) ?? badFor(conditions, during) ?? alarmed(conditions, alarms);
}

function failingShare(conditions: StopConditions, samples: readonly Sample[]): Stop | null {
  const { maximumFailingShare, minimumSamples } = conditions;
  if (maximumFailingShare === undefined || samples.length < minimumSamples) return null;
  const failed = samples.filter(({ ok }) => !ok).length;
  const share = failed / samples.length;
  if (share <= maximumFailingShare) return null;
  const reason = `${failed} of ${samples.length} probes failed (${percent(share)}) > ${percent(maximumFailingShare)} since the known-bad release`;
  return { condition: 'maximum-failing-share', reason };
}

/** A probe that succeeded in between does not begin the count anew: users who meet failures for minutes have had enough. */
function badFor({ maximumBadForMs }: StopConditions, samples: readonly Sample[]): Stop | null {
  const first = samples.find(({ ok }) => !ok);
  const last = samples.at(-1);
  if (maximumBadForMs === undefined || !first || !last || last.ok) return null;
  const badForMs = last.at - first.at;
  if (badForMs <= maximumBadForMs) return null;
  const reason = `probes have failed for ${formatDuration(badForMs)} > ${formatDuration(maximumBadForMs)}, since ${iso(first.at)}; ${describe(last)}`;
  return { condition: 'maximum-bad-for', reason };
}

/** Every alarm was OK when the drill began: one in ALARM has gone there since. */
function alarmed({ alarms: watched }: StopConditions, alarms: readonly Alarm[]): Stop | null {
  const gone = alarms.find(({ name, state }) => state === 'ALARM' && watched.includes(name));
  if (!gone) return null;
  const reason = `alarm ${gone.name} went to ALARM${gone.since ? ` at ${gone.since}` : ''}; OK is allowed`;
  return { condition: 'alarm', reason };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

import { iso } from '../clock.ts';
import type { Alarm } from '../guardrails/surroundings.ts';
import type { Condition } from '../plan/condition.ts';
import type { PipelineFailureCondition } from '../plan/pipeline-failure.ts';
import type { TargetState } from '../target.ts';
import type { ObservedTrigger } from '../trigger.ts';
import { firstMatch, type ProbeFacts } from './probe-conditions.ts';
import { describe } from './sample.ts';

export interface PlannedTrigger {
  readonly name: string;
  readonly observedBy: string;
  readonly condition: Condition;
  readonly action: 'roll-back' | 'page-only';
  readonly budgetMs: number;
}

/** Triggers that the probes since the deployment show, each at the time of the probe that completed its condition. */
export function firedByProbes(
  triggers: readonly PlannedTrigger[],
  facts: ProbeFacts,
): readonly ObservedTrigger[] {
  return triggers.flatMap((trigger) => {
    const seen = firstMatch(trigger.condition, facts);
    if (!seen) return [];
    const evidence = `${seen.arithmetic}; ${describe(seen.sample)}`;
    return [observed(trigger, iso(seen.sample.at), 'probe', evidence)];
  });
}

/** Triggers that the control plane shows. Its own milliseconds count, not those of an event or of our reading. */
export function firedByTarget(
  triggers: readonly PlannedTrigger[],
  state: TargetState,
): readonly ObservedTrigger[] {
  return triggers.flatMap((trigger) => {
    const seen = seenInTarget(trigger.condition, state);
    return seen ? [observed(trigger, seen.at, 'api', seen.evidence)] : [];
  });
}

/** Alarms that have gone to ALARM since the deployment, at the time that CloudWatch gives. One that was there before says nothing. */
export function firedByAlarms(
  triggers: readonly PlannedTrigger[],
  alarms: readonly Alarm[],
  { deployedAt, source }: { readonly deployedAt: number; readonly source: 'api' | 'event' },
): readonly ObservedTrigger[] {
  return triggers.flatMap((trigger) => {
    const { condition } = trigger;
    const named = condition.kind === 'alarm' ? condition.alarm : undefined;
    const alarm = alarms.find(({ name }) => name === named);
    if (alarm?.state !== 'ALARM' || !alarm.since || Date.parse(alarm.since) < deployedAt) return [];
    const why = alarm.reason ? `: ${alarm.reason}` : '';
    return [observed(trigger, alarm.since, source, `alarm ${alarm.name} went to ALARM${why}`)];
  });
}

function seenInTarget(
  condition: Condition,
  state: TargetState,
): { at: string; evidence: string } | undefined {
  if (condition.kind === 'deployment-failed') return failedDeployment(state);
  if (condition.kind === 'pipeline-failed') return failedPipeline(condition, state);
  if (condition.kind !== 'tasks-failed') return undefined;
  const { count } = condition;
  const failed = state.knownBadTasksFailed.toSorted((a, b) => a.at.localeCompare(b.at));
  const last = failed[count - 1];
  if (!last) return undefined;
  const evidence = `${count} tasks of the known-bad release failed ≥ ${count}; the last of them: ${last.reason}`;
  return { at: last.at, evidence };
}

function failedDeployment({ knownBadDeployment: deployment }: TargetState) {
  const at = deployment?.rollback?.automatic ? deployment.rollback.startedAt : deployment?.failedAt;
  if (!deployment || !at) return undefined;
  const reason = deployment.rollback?.reason ?? deployment.statusReason;
  return { at, evidence: `deployment ${deployment.id} is ${deployment.status}: ${reason}` };
}

/** The first failure that the condition names. */
function failedPipeline({ stage, action }: PipelineFailureCondition, { pipelineFailures }: TargetState) {
  const first = pipelineFailures
    .filter((failure) => failure.stage === stage && failure.action === action)
    .toSorted((a, b) => a.at.localeCompare(b.at))[0];
  return first && { at: first.at, evidence: first.reason };
}

function observed(
  trigger: PlannedTrigger,
  at: string,
  source: ObservedTrigger['source'],
  evidence: string,
): ObservedTrigger {
  return {
    name: trigger.name,
    observedBy: trigger.observedBy,
    at,
    source,
    evidence,
    budgetMs: trigger.budgetMs,
  };
}

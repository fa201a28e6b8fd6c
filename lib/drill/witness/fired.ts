import { iso } from '../clock.ts';
import type { Condition } from '../plan/condition.ts';
import type { TargetState } from '../target.ts';
import type { ObservedTrigger } from '../trigger.ts';
import { describe, type Sample } from './sample.ts';

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
  samples: readonly Sample[],
  deployedAt: number,
): readonly ObservedTrigger[] {
  const during = samples.filter((sample) => sample.at >= deployedAt);
  return triggers.flatMap((trigger) => {
    const seen = firstMatch(trigger.condition, during);
    return seen
      ? [observed(trigger, iso(seen.at), 'probe', `${seen.arithmetic}; ${describe(seen.sample)}`)]
      : [];
  });
}

/** Triggers that the control plane shows. Its own milliseconds count, not those of an event or of our reading. */
export function firedByTarget(
  triggers: readonly PlannedTrigger[],
  state: TargetState,
): readonly ObservedTrigger[] {
  const deployment = state.knownBadDeployment;
  const at = deployment?.rollback?.automatic ? deployment.rollback.startedAt : deployment?.failedAt;
  if (!deployment || !at) return [];
  return triggers
    .filter((trigger) => trigger.condition.kind === 'deployment-failed')
    .map((trigger) =>
      observed(
        trigger,
        at,
        'api',
        `deployment ${deployment.id} is ${deployment.status}: ${deployment.rollback?.reason ?? deployment.statusReason}`,
      ),
    );
}

interface Match {
  readonly at: number;
  readonly sample: Sample;
  readonly arithmetic: string;
}

function firstMatch(condition: Condition, samples: readonly Sample[]): Match | undefined {
  switch (condition.kind) {
    case 'consecutive-failures':
      return firstWindow(samples, condition.count, condition.count);
    case 'failures-in-window':
      return firstWindow(samples, condition.failures, condition.samples);
    case 'deployment-failed':
    case 'reported':
      return undefined;
    default:
      return condition satisfies never;
  }
}

/** A window counts only once it is full: it names its own minimum of samples. */
function firstWindow(samples: readonly Sample[], failures: number, size: number): Match | undefined {
  for (let end = size; end <= samples.length; end++) {
    const window = samples.slice(end - size, end);
    const failed = window.filter((sample) => !sample.ok).length;
    const sample = window.at(-1);
    if (failed >= failures && sample)
      return {
        at: sample.at,
        sample,
        arithmetic: `${failed} of the last ${size} probes failed ≥ ${failures}`,
      };
  }
  return undefined;
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

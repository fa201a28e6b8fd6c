import { iso } from '../clock.ts';
import type { Restored } from '../entry.ts';
import { type TargetState, uniformity } from '../target.ts';
import { inOrder, isGreen, type Sample } from './sample.ts';

export interface RestorationQuestion {
  readonly samples: readonly Sample[];
  readonly state: TargetState | null;
  readonly lastHealthy: string;
  readonly greens: number;
  /** When the rollback started; greens before it prove nothing. */
  readonly since: number;
  /** When the known-bad release was deployed; `null` when it never was. */
  readonly deployedAt: number | null;
}

export type Restoration =
  | { readonly kind: 'restored'; readonly restored: Restored }
  | { readonly kind: 'not-yet'; readonly reason: string };

/**
 * Restored: the control plane is uniform, and an uninterrupted run of greens that is still going on confirms it. The mark is
 * the later of the two, so it is never before a red probe nor before the control plane was uniform.
 */
export function restoration(question: RestorationQuestion): Restoration {
  const { state, lastHealthy, greens, since, deployedAt } = question;
  if (state === null) return notYet('the control plane has not been read');
  const uniform = uniformity(state);
  if (!uniform.uniform) return notYet(uniform.reason);
  const samples = inOrder(question.samples);
  const run = greenRun(from(samples, since), lastHealthy);
  const [firstGreen] = run;
  if (!firstGreen || run.length < greens) return notYet(`${run.length} greens running < ${greens}`);
  const firstGreenAt = iso(firstGreen.at);
  const byControlPlane = uniform.since > firstGreenAt;
  return {
    kind: 'restored',
    restored: {
      at: byControlPlane ? uniform.since : firstGreenAt,
      source: byControlPlane ? 'api' : 'probe',
      controlPlaneDoneAt: uniform.since,
      firstGreenAt,
      greens: run.length,
      stableFirstSeenAt: deployedAt === null ? null : stableFirstSeen(from(samples, deployedAt), lastHealthy),
    },
  };
}

/** `null` when no probe since the deployment saw anything but the healthy release. */
function stableFirstSeen(samples: readonly Sample[], lastHealthy: string): string | null {
  const run = greenRun(samples, lastHealthy);
  return run.length < samples.length && run[0] ? iso(run[0].at) : null;
}

function greenRun(samples: readonly Sample[], lastHealthy: string): readonly Sample[] {
  const lastRed = samples.findLastIndex((sample) => !isGreen(sample, lastHealthy));
  return samples.slice(lastRed + 1);
}

function from(samples: readonly Sample[], at: number): readonly Sample[] {
  return samples.filter((sample) => sample.at >= at);
}

function notYet(reason: string): Restoration {
  return { kind: 'not-yet', reason };
}

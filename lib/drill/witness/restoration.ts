import { iso } from '../clock.ts';
import type { Restored } from '../journal.ts';
import { type TargetState, uniformity } from '../target.ts';
import { isGreen, type Sample } from './sample.ts';

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

/** Restored: the control plane is uniform, and an uninterrupted run of greens that is still going on confirms it. */
export function restoration(question: RestorationQuestion): Restoration {
  const { samples, state, lastHealthy, greens, since } = question;
  const uniform = state
    ? uniformity(state)
    : { uniform: false as const, reason: 'the control plane has not been read' };
  if (!uniform.uniform) return { kind: 'not-yet', reason: uniform.reason };
  const run = greenRun(
    samples.filter((sample) => sample.at >= since),
    lastHealthy,
  );
  if (run.length < greens) return { kind: 'not-yet', reason: `${run.length} greens running < ${greens}` };
  const firstGreenAt = iso((run[0] as Sample).at);
  const at = uniform.since > firstGreenAt ? uniform.since : firstGreenAt;
  const source = uniform.since > firstGreenAt ? 'api' : 'probe';
  const stableFirstSeenAt = stableFirstSeen(question);
  return {
    kind: 'restored',
    restored: {
      at,
      source,
      controlPlaneDoneAt: uniform.since,
      firstGreenAt,
      greens: run.length,
      stableFirstSeenAt,
    },
  };
}

/** `null` when no probe since the deployment saw anything but the healthy release. */
function stableFirstSeen({ samples, lastHealthy, deployedAt }: RestorationQuestion): string | null {
  const during = deployedAt === null ? [] : samples.filter((sample) => sample.at >= deployedAt);
  const run = greenRun(during, lastHealthy);
  return run.length < during.length && run[0] ? iso(run[0].at) : null;
}

function greenRun(samples: readonly Sample[], lastHealthy: string): readonly Sample[] {
  const lastRed = samples.findLastIndex((sample) => !isGreen(sample, lastHealthy));
  return samples.slice(lastRed + 1);
}

import { type Baseline, baselineOf } from './baseline.ts';
import type { Sample } from './sample.ts';

export interface SteadyStatePlan {
  readonly forMs: number;
  readonly minimumSamples: number;
  /** Share from 0 to 1. */
  readonly maximumFailingShare: number;
}

export type SteadyState =
  | { readonly kind: 'measuring' }
  | {
      readonly kind: 'good';
      readonly release: string;
      readonly baseline: Baseline;
      readonly reason: string;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/** Judges the baseline once the plan's time is over. No samples, no identity or mixed identities are never good. */
export function steadyState(
  samples: readonly Sample[],
  plan: SteadyStatePlan,
  startedAt: number,
  now: number,
): SteadyState {
  if (now - startedAt < plan.forMs) return { kind: 'measuring' };
  if (samples.length < plan.minimumSamples)
    return bad(`${samples.length} probes < ${plan.minimumSamples} that the plan asks for`);
  const failed = samples.filter((sample) => !sample.ok);
  const share = failed.length / samples.length;
  const arithmetic = `${failed.length} of ${samples.length} probes failed (${percent(share)})`;
  if (share > plan.maximumFailingShare) {
    return bad(
      `${arithmetic} > ${percent(plan.maximumFailingShare)}; the last one: ${failed.at(-1)?.failure}`,
    );
  }
  const releases = [...new Set(samples.filter((sample) => sample.ok).map((sample) => sample.release))];
  const [release, another] = releases;
  if (!release) return bad('no probe could read the identity of the release');
  if (another !== undefined) return bad(`more than one release answers: ${releases.join(', ')}`);
  return {
    kind: 'good',
    release,
    baseline: baselineOf(samples),
    reason: `${arithmetic} ≤ ${percent(plan.maximumFailingShare)}; release ${release} answers`,
  };
}

function bad(reason: string): SteadyState {
  return { kind: 'bad', reason };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

import { iso } from '../clock.ts';
import { describe, type Sample } from './sample.ts';

export interface StabilityQuestion {
  readonly samples: readonly Sample[];
  readonly knownBad: string;
  readonly restoredAt: number;
  /** When the quiet period began. */
  readonly since: number;
  readonly quietMs: number;
  readonly now: number;
}

export type Stability =
  | { readonly kind: 'watching' }
  | { readonly kind: 'bad-again'; readonly reason: string; readonly at: string }
  | { readonly kind: 'unstable'; readonly reason: string; readonly at: string }
  | { readonly kind: 'all-clear'; readonly reason: string; readonly at: string };

/**
 * Watches the quiet period: the known-bad release must not come back, and the healthy one must stay green. It is over with the
 * first probe after its end: a period that nobody watched to its end is not quiet.
 */
export function stability({
  samples,
  knownBad,
  restoredAt,
  since,
  quietMs,
  now,
}: StabilityQuestion): Stability {
  const after = samples.filter((sample) => sample.at >= restoredAt);
  const bad = after.find((sample) => sample.release === knownBad);
  if (bad)
    return {
      kind: 'bad-again',
      reason: `the known-bad release was seen after it was gone: ${describe(bad)}`,
      at: iso(bad.at),
    };
  const red = after.find((sample) => !sample.ok);
  if (red)
    return {
      kind: 'unstable',
      reason: `smoke is red on the healthy release: ${describe(red)}`,
      at: iso(red.at),
    };
  const quiet = after.filter((sample) => sample.at >= since);
  const last = quiet.find((sample) => sample.at >= since + quietMs);
  if (!last || now < last.at) return { kind: 'watching' };
  return {
    kind: 'all-clear',
    reason: `${quiet.length} green probes in a quiet period of ${quietMs} ms`,
    at: iso(last.at),
  };
}

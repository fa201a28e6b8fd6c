import { describe, type Sample } from './sample.ts';

/** First answer of the known-bad release, or first failure after it was deployed. */
export function firstBadServing(
  samples: readonly Sample[],
  knownBad: string,
  deployedAt: number,
): { at: number; evidence: string } | undefined {
  const sample = samples.find(({ at, ok, release }) => at >= deployedAt && (release === knownBad || !ok));
  return sample && { at: sample.at, evidence: describe(sample) };
}

import type { Entry } from '../entry.ts';
import { entriesOf, rollbacksOf } from '../journal.ts';
import { type TargetState, uniformity } from '../target.ts';
import { describe, type Sample } from './sample.ts';

/** Users met the known-bad release although the control plane had said that the rollback was done. */
export interface Illusion {
  /** Which rollback of the drill. */
  readonly round: number;
  readonly controlPlaneDoneAt: string;
  readonly evidence: string;
}

/** `undefined` as long as the control plane is not uniform, or nobody has asked since and got the known-bad release. */
export function illusionOf(
  samples: readonly Sample[],
  state: TargetState | null,
  knownBad: string,
): Omit<Illusion, 'round'> | undefined {
  const uniform = state && uniformity(state);
  if (!uniform?.uniform) return undefined;
  const sample = samples.find(
    ({ sentAt, release }) => release === knownBad && sentAt > Date.parse(uniform.since),
  );
  return sample && { controlPlaneDoneAt: uniform.since, evidence: describe(sample) };
}

/** That of the rollback that is under way. */
export function currentIllusion(journal: readonly Entry[]): Illusion | undefined {
  const round = rollbacksOf(journal);
  return entriesOf(journal, 'illusion').find((entry) => entry.round === round);
}

/** When the control plane first said that a rollback was done; `null` when it did not, or nobody has read it. */
export function controlPlaneDoneAt(journal: readonly Entry[]): string | null {
  const told = journal.find((entry) => entry.kind === 'illusion' || entry.kind === 'restored');
  return told?.controlPlaneDoneAt ?? null;
}

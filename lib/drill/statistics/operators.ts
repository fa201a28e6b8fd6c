import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { starterOf } from '../people/identity.ts';
import type { Receipt } from '../seal.ts';

/** Beyond so many, "at least so many" is known. */
export const MOST_OPERATORS = 100;

const FINGERPRINT_DIGITS = 16;

/** Fingerprints of those who had a part in drills, in their order; the first hundred of them are kept. */
export const Operators = v.object({
  fingerprints: v.pipe(v.array(v.string()), v.maxLength(MOST_OPERATORS)),
  areMore: v.boolean(),
});

export type Operators = v.InferOutput<typeof Operators>;

export const NOBODY: Operators = { fingerprints: [], areMore: false };

/** Which are kept does not depend on the order in which they came: they are the first of all by their fingerprint. */
export function withOperators(before: Operators, names: readonly string[]): Operators {
  const all = [...new Set([...before.fingerprints, ...names.map(fingerprint)])].sort();
  return {
    fingerprints: all.slice(0, MOST_OPERATORS),
    areMore: before.areMore || all.length > MOST_OPERATORS,
  };
}

/** Who started, approved, reported, decided or aborted. A schedule is nobody. */
export function operatorsOf(receipt: Pick<Receipt, 'startedBy' | 'approvals' | 'people'>): readonly string[] {
  const starter = starterOf(receipt.startedBy);
  const started = starter.kind === 'person' ? [starter.name] : [];
  // The people of a receipt are not on those of its first versions.
  const { people = [] } = receipt as Partial<Receipt>;
  const active = people.filter(({ did }) => did !== 'tried to approve').map(({ by }) => by);
  return [...new Set([...started, ...receipt.approvals.map(({ by }) => by), ...active])];
}

function fingerprint(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, FINGERPRINT_DIGITS);
}

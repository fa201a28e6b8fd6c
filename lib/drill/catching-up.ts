import type { Entry } from './entry.ts';
import { standingRestored } from './receipt.ts';

/**
 * What was done while the stores did not answer, as far as it adds to what they have. A restoration that stands already was
 * only confirmed then: the mark is its own.
 */
export function newTo(journal: readonly Entry[], done: readonly Entry[]): readonly Entry[] {
  const known = new Set(journal.map(({ key }) => key));
  const fresh = done.filter(({ key }) => !known.has(key));
  const stands = standingRestored(journal) && !fresh.some(({ kind }) => kind === 'restored-voided');
  return stands ? fresh.filter(({ kind }) => kind !== 'restored') : fresh;
}

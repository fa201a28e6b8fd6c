import { entriesOf, lastOf } from '../drill/journal.ts';
import { LEASE_MS } from '../drill/limits.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Takes the drill over: from then on its old executor can record nothing, and so does nothing. A drill that was never
 * numbered has touched nothing: it may have lost its locks, and needs none for its small record.
 */
export async function raiseFence(
  { locks }: Pick<Ports, 'locks'>,
  { opened, journal }: Drill,
): Promise<Drill['fence']> {
  const resources = entriesOf(journal, 'locked').map(({ resource }) => resource);
  if (resources.length === 0) return null;
  return locks.raiseFence(resources, opened.drillId, LEASE_MS).catch((error: Error) => {
    if (error.name !== 'FenceRaised' || lastOf(journal, 'numbered')) throw error;
    return null;
  });
}

import type { Entry } from '../drill/entry.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/** Appends as an observer, who needs no fence. */
export function observe(
  { journal }: Pick<Ports, 'journal'>,
  { opened }: Drill,
  entries: readonly Entry[],
): Promise<void> {
  return journal.append({ opened, fence: null }, entries);
}

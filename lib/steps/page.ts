import { iso } from '../drill/clock.ts';
import { lastOf } from '../drill/journal.ts';
import type { Drill, Ports } from '../ports.ts';

/** Pages a person with the exact commands, once per drill. */
export async function page(
  { announcer, clock, journal }: Pick<Ports, 'announcer' | 'clock' | 'journal'>,
  drill: Drill,
): Promise<void> {
  if (lastOf(drill.journal, 'paged')) return;
  const { drillId, target } = drill.opened;
  const message = [
    `Drill ${drillId} could not bring ${target} back to the last healthy release. Bring it back by hand:`,
    ...(lastOf(drill.journal, 'captured')?.wayBack ?? []),
  ].join('\n');
  await announcer.announce(drill.plan, `NOT RESTORED: ${target}`, message);
  await journal.append(drill, [{ kind: 'paged', key: 'paged', at: iso(clock.now()), message }]);
}

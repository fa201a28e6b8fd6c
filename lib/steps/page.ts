import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { lastOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { patiently } from './patiently.ts';

export interface Page {
  /** A page is made once per drill and key. */
  readonly key: string;
  readonly subject: string;
  readonly message: string;
}

const PAUSES_MS = [1_000, 2_000, 4_000];

/** Pages a person. A page that fails is tried again, and keeps nothing from happening: that nobody was told is on the receipt. */
export async function page(
  { announcer, clock, journal }: Pick<Ports, 'announcer' | 'clock' | 'journal'>,
  drill: Drill,
  { key, subject, message }: Page,
): Promise<void> {
  if (drill.journal.some((entry) => entry.key === key)) return;
  const entry: Entry = await patiently(clock, PAUSES_MS, () =>
    announcer.announce(drill.plan, subject, message),
  ).then(
    () => ({ kind: 'paged', key, at: iso(clock.now()), message }),
    (error: Error) => notPaged(key, subject, error),
  );
  await journal.append(drill, [entry]);
}

/** With the exact commands that bring the target back by hand. */
export function notRestoredPage({ opened: { drillId, target }, journal }: Drill): Page {
  const message = [
    `Drill ${drillId} could not bring ${target} back to the last healthy release. Bring it back by hand:`,
    ...(lastOf(journal, 'captured')?.wayBack ?? []),
  ].join('\n');
  return { key: 'paged', subject: `NOT RESTORED: ${target}`, message };
}

function notPaged(key: string, subject: string, { name, message }: Error): Entry {
  return {
    kind: 'gap',
    key: `gap/page-not-delivered/${key}`,
    code: 'page-not-delivered',
    severity: 'serious',
    message: `nobody could be paged: ${subject}`,
    evidence: `${name}: ${message}`,
  };
}

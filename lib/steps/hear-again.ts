import { entriesOf } from '../drill/journal.ts';
import { decisionWaitsSignalled } from '../drill/people/decision.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/** Whoever reported a trigger, or decided, may have died between storing it and sending it: it is sent again. */
export async function hearAgain(
  { waits }: Pick<Ports, 'waits'>,
  { phase, journal, opened }: Drill,
): Promise<void> {
  for (const wait of signalled(phase, journal)) await waits.resend(opened.drillId, wait);
}

function signalled(phase: Drill['phase'], journal: Drill['journal']): readonly string[] {
  if (phase === 'deciding') return decisionWaitsSignalled(journal);
  const won = phase === 'awaiting-trigger' && entriesOf(journal, 'trigger').some((entry) => entry.won);
  return won ? ['AwaitTrigger'] : [];
}

import { lastOf } from '../drill/journal.ts';
import { LONGEST_REASON } from '../drill/people/people.ts';
import type { Abort } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { settleApprovals } from './settle-approvals.ts';

/**
 * Ends a drill at any moment: one that has deployed restores its target first. Never refused, whoever asks for it. The
 * states that wait hear of it from the witness, the wait for approvals at once. Throws `DrillNotFound`.
 */
export async function abort(
  { journal, waits }: Pick<Ports, 'journal' | 'waits'>,
  drillId: string,
  { by, reason }: Abort,
): Promise<{ readonly touched: boolean }> {
  await journal.requestAbort(drillId, { by, reason: reason.slice(0, LONGEST_REASON) });
  const drill = await journal.read(drillId);
  if (drill.phase === 'awaiting-approval') await settleApprovals({ waits }, drill);
  return { touched: lastOf(drill.journal, 'call') !== undefined };
}

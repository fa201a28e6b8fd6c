import { lastOf } from '../drill/journal.ts';
import { LONGEST_REASON } from '../drill/people/people.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Abort, Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { settleApprovals } from './settle-approvals.ts';

export interface Aborted {
  readonly touched: boolean;
  /** What becomes of the target. */
  readonly reason: string;
}

/**
 * Ends a drill at any moment: one that has deployed restores its target first. Never refused, whoever asks for it. The
 * states that wait hear of it from the witness, the wait for approvals at once. Throws `DrillNotFound`.
 */
export async function abort(
  { journal, waits }: Pick<Ports, 'journal' | 'waits'>,
  drillId: string,
  { by, reason }: Abort,
): Promise<Aborted> {
  await journal.requestAbort(drillId, { by, reason: reason.slice(0, LONGEST_REASON) });
  const drill = await journal.read(drillId);
  if (drill.phase === 'awaiting-approval') await settleApprovals({ waits }, drill);
  return abortedFrom(drill);
}

function abortedFrom({ journal }: Drill): Aborted {
  if (!lastOf(journal, 'call')) return { touched: false, reason: 'nothing was touched' };
  const isBack = standingRestored(journal) !== undefined;
  return { touched: true, reason: isBack ? 'the target is back already' : 'the target is being restored' };
}

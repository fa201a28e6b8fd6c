import type { Entry } from '../drill/entry.ts';
import { sufficient } from '../drill/people/approval.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Ends the wait for approvals when there are enough of them, or when the drill was aborted. Whoever reads the journal while
 * the wait is open calls this, so that it ends although an approver died before saying so.
 */
export async function settleApprovals({ waits }: Pick<Ports, 'waits'>, drill: Drill): Promise<void> {
  if (drill.abort) {
    const signal = { kind: 'aborted', reason: drill.abort.reason };
    return void (await waits.signal(drill, 'AwaitApproval', signal, []));
  }
  const given = sufficient(drill.journal);
  if (!given) return;
  const reason = `approved by ${given.map(({ by }) => by).join(', ')}`;
  const at = given.map((approval) => approval.at).reduce((last, next) => (next > last ? next : last));
  const approved: Entry = {
    kind: 'mark',
    key: 'mark/approved',
    mark: 'approved',
    at,
    source: 'person',
    evidence: reason,
  };
  await waits.signal(drill, 'AwaitApproval', { kind: 'approved', reason }, [approved]);
}

import { iso } from '../drill/clock.ts';
import type { Approval } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import { type ApprovalRequest, approvalsIn, judgeApproval } from '../drill/people/approval.ts';
import { LONGEST_REASON } from '../drill/people/people.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { observe } from './observe.ts';
import { settleApprovals } from './settle-approvals.ts';

type ApprovePorts = Pick<Ports, 'clock' | 'journal' | 'waits'>;

export interface Approved {
  readonly kind: 'approved' | 'refused';
  readonly reason: string;
  /** How many different people have approved, and how many must. */
  readonly given: number;
  readonly needed: number;
}

/** Refused attempts are kept too, but a journal is not to be filled by them. */
const MOST_REFUSED = 20;

/**
 * One person's approval, bound to the plan and to the revision of the target. The last one that is needed sends the drill
 * on. Throws `DrillNotFound`.
 */
export async function approve(
  ports: ApprovePorts,
  drillId: string,
  request: ApprovalRequest,
): Promise<Approved> {
  const drill = await ports.journal.read(drillId);
  const now = ports.clock.now();
  const said = approvalOf(drill, request, judgeApproval(drill, request, now), momentOf(drill, now));
  if (said.verdict === 'refused') return refused(ports, drill, said);
  await observe(ports, drill, [{ kind: 'approval', key: `approval/${said.by}`, ...said }]);
  // Two people at once: whoever reads after its own entry sees both.
  const after = await ports.journal.read(drillId);
  const mine = approvalsIn(after.journal).find(({ by }) => by === said.by);
  if (mine?.at !== said.at)
    return refused(ports, after, { ...said, reason: `${said.by} has approved at ${mine?.at} already` });
  await settleApprovals(ports, after);
  return answer(after, 'approved', said.reason);
}

/** Nobody answers before being asked: a clock that says so is wrong. */
function momentOf({ journal }: Drill, now: number): string {
  const asked = lastOf(journal, 'approval-asked');
  return iso(Math.max(now, asked ? Date.parse(asked.at) : 0));
}

function approvalOf(
  { opened, journal }: Drill,
  { by, digest, revision }: ApprovalRequest,
  judged: Pick<Approval, 'verdict' | 'reason'>,
  at: string,
): Approval {
  const asked = lastOf(journal, 'approval-asked');
  return {
    verdict: judged.verdict,
    reason: judged.reason.slice(0, 2 * LONGEST_REASON),
    by: by.kind === 'vouched' ? by.identity.name : by.arn,
    arn: by.kind === 'vouched' ? by.identity.arn : by.arn,
    at,
    digest: (digest ?? opened.plan.digest).slice(0, LONGEST_REASON),
    revision: (revision ?? asked?.revision ?? '').slice(0, LONGEST_REASON),
  };
}

async function refused(ports: ApprovePorts, drill: Drill, said: Approval): Promise<Approved> {
  const before = entriesOf(drill.journal, 'approval').filter(({ verdict }) => verdict === 'refused').length;
  const key = `approval/refused/${before + 1}`;
  if (before < MOST_REFUSED && drill.phase !== 'over')
    await observe(ports, drill, [{ kind: 'approval', key, ...said, verdict: 'refused' }]);
  return answer(drill, 'refused', said.reason);
}

function answer({ journal }: Drill, kind: Approved['kind'], reason: string): Approved {
  const needed = lastOf(journal, 'approval-asked')?.people ?? 0;
  return { kind, reason, given: approvalsIn(journal).length, needed };
}

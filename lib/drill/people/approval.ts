import { iso } from '../clock.ts';
import { digestOf } from '../digest.ts';
import type { Approval, Entry, Opened } from '../entry.ts';
import { entriesOf, lastOf } from '../journal.ts';
import { formatDuration } from '../plan/duration.ts';
import type { Plan } from '../plan/plan.ts';
import { starterOf, type Vouched } from './identity.ts';

/** What an approval is asked for, and bound to. */
export interface Asked {
  readonly at: string;
  /** From then on, silence is a refusal. */
  readonly until: string;
  /** How many different people must approve. */
  readonly people: number;
  readonly digest: string;
  /** The control plane's identity of the last healthy release. */
  readonly revision: string;
}

/** What somebody approves; what is left out is whatever is asked for. */
export interface ApprovalRequest {
  readonly by: Vouched;
  readonly digest?: string | undefined;
  readonly revision?: string | undefined;
}

export interface ApprovalFacts {
  readonly opened: Opened;
  readonly plan: Pick<Plan, 'guardrails'>;
  readonly journal: readonly Entry[];
}

/** `null` when the plan asks nobody. Without a known starter one person more is needed: one of them may have started it. */
export function approvalsAsked({ opened, plan, journal }: ApprovalFacts, enteredAt: string): Asked | null {
  const { approvals } = plan.guardrails;
  const captured = lastOf(journal, 'captured');
  if (!approvals || !captured) return null;
  return {
    at: enteredAt,
    until: iso(Date.parse(enteredAt) + approvals.withinMs),
    people: approvals.people + (starterOf(opened.startedBy).kind === 'unknown' ? 1 : 0),
    digest: opened.plan.digest,
    revision: captured.revision,
  };
}

/** Whether somebody's approval counts, or why not. */
export function judgeApproval(
  facts: ApprovalFacts,
  request: ApprovalRequest,
  now: number,
): { readonly verdict: 'approved' | 'refused'; readonly reason: string } {
  const asked = lastOf(facts.journal, 'approval-asked');
  const { by } = request;
  const reason =
    by.kind === 'refused'
      ? by.reason
      : asked
        ? whyNot(facts, asked, { ...request, by: by.identity.name }, now)
        : whyNotAsked(facts);
  return reason === undefined
    ? { verdict: 'approved', reason: asked ? boundTo(asked) : '' }
    : { verdict: 'refused', reason };
}

export function approvalsIn(journal: readonly Entry[]): readonly Approval[] {
  return entriesOf(journal, 'approval').flatMap((entry) => (entry.verdict === 'approved' ? [entry] : []));
}

/** The approvals that together suffice; `undefined` while they do not. */
export function sufficient(journal: readonly Entry[]): readonly Approval[] | undefined {
  const asked = lastOf(journal, 'approval-asked');
  const given = approvalsIn(journal);
  return asked && given.length >= asked.people ? given.slice(0, asked.people) : undefined;
}

/** What silence means, with the arithmetic. */
export function silence(journal: readonly Entry[]): string {
  const asked = lastOf(journal, 'approval-asked');
  const within = asked ? formatDuration(Date.parse(asked.until) - Date.parse(asked.at)) : '?';
  const given = approvalsIn(journal);
  const names = given.length > 0 ? ` (${given.map(({ by }) => by).join(', ')})` : '';
  return `${given.length} of ${asked?.people} approvals within ${within}${names}`;
}

/** Whether the approvals still stand for what is about to be done: the same plan, on the same target revision. */
export function standingApprovals({
  opened,
  plan,
  journal,
}: {
  readonly opened: Opened;
  readonly plan: Plan;
  readonly journal: readonly Entry[];
}): { readonly verdict: 'passed' | 'refused'; readonly reason: string } {
  if (!plan.guardrails.approvals) return { verdict: 'passed', reason: 'the plan asks for no approval' };
  const given = sufficient(journal);
  if (!given) return { verdict: 'refused', reason: silence(journal) };
  const [digest, revision] = [digestOf(plan), lastOf(journal, 'captured')?.revision ?? 'none'];
  const other = given.find((approval) => approval.digest !== digest || approval.revision !== revision);
  if (digest !== opened.plan.digest || other) {
    const approved = other ?? { digest: opened.plan.digest, revision };
    const reason = `approved was plan ${approved.digest} on revision ${approved.revision}, about to be drilled is plan ${digest} on revision ${revision}: the approvals are void`;
    return { verdict: 'refused', reason };
  }
  const names = given.map(({ by }) => by).join(', ');
  return { verdict: 'passed', reason: `${given.length} of ${given.length} approvals: ${names}` };
}

/** Short enough to be read; the entry has them in full. */
function boundTo({ digest, revision }: Asked): string {
  return `plan ${digest.slice(0, 19)}… on revision ${revision.split('/').at(-1)}`;
}

function whyNotAsked({ plan, journal }: ApprovalFacts): string {
  if (!plan.guardrails.approvals) return 'the plan asks for no approval';
  const state = lastOf(journal, 'step')?.name ?? 'LoadPlan';
  return `the drill does not wait for an approval yet; it is in ${state}`;
}

function whyNot(
  { opened, journal }: ApprovalFacts,
  asked: Asked,
  { by, digest = asked.digest, revision = asked.revision }: Omit<ApprovalRequest, 'by'> & { by: string },
  now: number,
): string | undefined {
  const given = approvalsIn(journal);
  const mine = given.find((approval) => approval.by === by);
  const starter = starterOf(opened.startedBy);
  if (starter.kind === 'person' && starter.name === by)
    return `${by} has started the drill, and somebody else must approve it`;
  if (mine) return `${by} has approved at ${mine.at} already; ${asked.people} different people are needed`;
  if (digest !== asked.digest) return `the drill runs plan ${asked.digest}; received ${digest}`;
  if (revision !== asked.revision)
    return `the last healthy release of the drill is ${asked.revision}; received ${revision}`;
  if (given.length >= asked.people)
    return `${given.length} of ${asked.people} approvals are there: no more are needed`;
  const ended = lastOf(journal, 'aborted') ?? lastOf(journal, 'refused');
  if (ended) return `the drill ended before: ${ended.reason}`;
  if (now >= Date.parse(asked.until)) return `the time to approve was over at ${asked.until}`;
  return undefined;
}

import type { Entry } from './entry.ts';
import { entriesOf, lastOf } from './journal.ts';
import { type ApprovalOfReceipt, approvalsFrom, type PersonsPart, peopleFrom } from './people/people.ts';

export const RECORD_SCHEMA = 'rollback-drill/record/v1';

/** What is kept of a drill that touched nothing: no number, no place in the chain of receipts. */
export interface DrillRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly id: string;
  readonly number: null;
  readonly target: string;
  readonly plan: { readonly name: string; readonly digest: string };
  readonly startedBy: string;
  readonly startedAt: string;
  readonly approvals: readonly ApprovalOfReceipt[];
  readonly people: readonly PersonsPart[];
  readonly outcome: 'refused' | 'aborted';
  readonly reasons: readonly string[];
  readonly guardrails: readonly {
    readonly name: string;
    readonly verdict: 'passed' | 'refused';
    readonly reason: string;
  }[];
}

/** Judges a drill that was not numbered, and so touched nothing: a refusal comes before whatever else ended it. */
export function recordFrom(journal: readonly Entry[]): DrillRecord {
  const opened = lastOf(journal, 'opened');
  if (!opened) throw new Error('a record needs a journal that was opened');
  return {
    schema: RECORD_SCHEMA,
    id: opened.drillId,
    number: null,
    target: opened.target,
    plan: opened.plan,
    startedBy: opened.startedBy,
    startedAt: opened.at,
    approvals: approvalsFrom(journal),
    people: peopleFrom(journal),
    ...judged(journal),
    guardrails: entriesOf(journal, 'guardrail').map(({ name, verdict, reason }) => ({
      name,
      verdict,
      reason,
    })),
  };
}

function judged(journal: readonly Entry[]): Pick<DrillRecord, 'outcome' | 'reasons'> {
  const refusals = entriesOf(journal, 'refused').map((entry) => `${entry.by}: ${entry.reason}`);
  const ends = [...entriesOf(journal, 'aborted'), ...entriesOf(journal, 'taken-over')].map(
    (entry) => `ended by ${entry.by}: ${entry.reason}`,
  );
  const faults = entriesOf(journal, 'fault').map(
    (entry) => `${entry.state} broke: ${entry.error}: ${entry.cause}`,
  );
  if (refusals.length === 0 && ends.length > 0) return { outcome: 'aborted', reasons: [...ends, ...faults] };
  const reasons = [...refusals, ...faults];
  return {
    outcome: 'refused',
    reasons: reasons.length > 0 ? reasons : ['the drill ended before it was numbered, nothing was touched'],
  };
}

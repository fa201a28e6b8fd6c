import { type Entry, entriesOf, lastOf } from './journal.ts';

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
  readonly outcome: 'refused' | 'aborted';
  readonly reasons: readonly string[];
  readonly guardrails: readonly {
    readonly name: string;
    readonly verdict: 'passed' | 'refused';
    readonly reason: string;
  }[];
}

export function recordFrom(journal: readonly Entry[]): DrillRecord {
  const opened = lastOf(journal, 'opened');
  if (!opened) throw new Error('a record needs a journal that was opened');
  const aborted = entriesOf(journal, 'aborted').map((entry) => entry.reason);
  return {
    schema: RECORD_SCHEMA,
    id: opened.drillId,
    number: null,
    target: opened.target,
    plan: opened.plan,
    startedBy: opened.startedBy,
    startedAt: opened.at,
    outcome: aborted.length > 0 ? 'aborted' : 'refused',
    reasons: aborted.length > 0 ? aborted : refusals(journal),
    guardrails: entriesOf(journal, 'guardrail').map(({ name, verdict, reason }) => ({
      name,
      verdict,
      reason,
    })),
  };
}

function refusals(journal: readonly Entry[]): readonly string[] {
  const refused = entriesOf(journal, 'refused').map((entry) => `${entry.by}: ${entry.reason}`);
  const faults = entriesOf(journal, 'fault').map(
    (entry) => `${entry.state} broke: ${entry.error}: ${entry.cause}`,
  );
  return refused.length + faults.length > 0
    ? [...refused, ...faults]
    : ['the drill ended before it was numbered, nothing was touched'];
}

import type { Approval, Entry, EntryOf } from '../entry.ts';
import { approvalsIn } from './approval.ts';
import { isPerson, starterOf } from './identity.ts';

/** One thing that a person did in a drill, or was not let do. */
export interface PersonsPart {
  readonly by: string;
  readonly did:
    | 'started'
    | 'approved'
    | 'tried to approve'
    | 'reported a trigger'
    | 'confirmed'
    | 'held'
    | 'aborted';
  readonly at: string;
  readonly reason: string;
}

/** What people write is kept so far; a journal is not to be filled by one of them. */
export const LONGEST_REASON = 1_000;

export interface ApprovalOfReceipt {
  readonly by: string;
  readonly at: string;
}

/** Who did what, in the order of time. What the product did by itself is not among it. */
export function peopleFrom(journal: readonly Entry[]): readonly PersonsPart[] {
  return journal.flatMap(partIn).toSorted((a, b) => a.at.localeCompare(b.at));
}

export function approvalsFrom(journal: readonly Entry[]): readonly ApprovalOfReceipt[] {
  return approvalsIn(journal).map(({ by, at }) => ({ by, at }));
}

function partIn(entry: Entry): readonly PersonsPart[] {
  switch (entry.kind) {
    case 'opened':
      return started(entry);
    case 'approval':
      return entry.verdict === 'not-required' ? [] : [approval(entry)];
    case 'trigger':
      return reported(entry);
    case 'decision': {
      const did = entry.verdict === 'hold' ? 'held' : 'confirmed';
      return [{ by: entry.by, did, at: entry.at, reason: entry.reason }];
    }
    case 'aborted':
      return isPerson(entry.by) ? [{ by: entry.by, did: 'aborted', at: entry.at, reason: entry.reason }] : [];
    default:
      return [];
  }
}

function started({ startedBy, at, plan, knownBad }: EntryOf<'opened'>): readonly PersonsPart[] {
  const starter = starterOf(startedBy);
  if (starter.kind !== 'person') return [];
  return [
    { by: starter.name, did: 'started', at, reason: `plan ${plan.name}, known-bad release ${knownBad}` },
  ];
}

function approval({ by, at, verdict, reason }: Approval): PersonsPart {
  return { by, did: verdict === 'approved' ? 'approved' : 'tried to approve', at, reason };
}

function reported({ trigger }: EntryOf<'trigger'>): readonly PersonsPart[] {
  const { by, at, name, evidence } = trigger;
  return by === undefined ? [] : [{ by, did: 'reported a trigger', at, reason: `${name}: ${evidence}` }];
}

import { MARKS, type MarkName } from '../../drill/clock.ts';
import { entriesOf, lastOf } from '../../drill/journal.ts';
import type { Outcome } from '../../drill/outcome.ts';
import { approvalsIn } from '../../drill/people/approval.ts';
import { openUntil } from '../../drill/people/decision.ts';
import type { DrillRecord } from '../../drill/record.ts';
import type { Receipt } from '../../drill/seal.ts';
import type { Phase } from '../../drill/states.ts';
import type { Drill, Journal } from '../../ports/drills.ts';
import type { Receipts } from '../../ports/receipts.ts';
import { AFTER_DEPLOYMENT } from '../report-triggers.ts';

export interface DrillPorts {
  readonly journal: Pick<Journal, 'read'>;
  readonly receipts: Pick<Receipts, 'find'>;
}

export type Found =
  | { readonly kind: 'over'; readonly record: Receipt | DrillRecord }
  | { readonly kind: 'running'; readonly drill: Drill };

/** `undefined` when there is no drill of that id. */
export async function findDrill({ journal, receipts }: DrillPorts, id: string): Promise<Found | undefined> {
  const record = await receipts.find(id);
  if (record) return { kind: 'over', record };
  try {
    return { kind: 'running', drill: await journal.read(id) };
  } catch (error) {
    if ((error as Error).name !== 'DrillNotFound') throw error;
    return undefined;
  }
}

/** Where a drill is, in short. */
export interface DrillNow {
  readonly id: string;
  readonly target: string;
  readonly plan: { readonly name: string; readonly digest: string };
  readonly number: number | null;
  readonly startedBy: string;
  readonly startedAt: string | null;
  /** `null` while it runs. */
  readonly outcome: Outcome | null;
  readonly reasons: readonly string[];
  /** The newest state of the state machine; `null` where a record does not tell. */
  readonly state: string | null;
  readonly phase: Phase;
  readonly asked: AskedOfPeople;
  readonly marks: Readonly<Partial<Record<MarkName, string>>>;
}

/** What people can do now. */
interface AskedOfPeople {
  readonly approval: {
    readonly until: string;
    readonly people: number;
    readonly given: number;
    readonly digest: string;
    readonly revision: string;
  } | null;
  readonly decision: { readonly until: string } | null;
  /** Triggers that a person can report. */
  readonly triggers: readonly string[];
}

export function drillNow(found: Found): DrillNow {
  if (found.kind === 'running') return running(found.drill);
  return found.record.number === null ? touchedNothing(found.record) : sealed(found.record);
}

const NOTHING_ASKED: AskedOfPeople = { approval: null, decision: null, triggers: [] };

function running(drill: Drill): DrillNow {
  const { opened, journal, phase } = drill;
  const marks = entriesOf(journal, 'mark').map(({ mark, at }) => [mark, at] as const);
  return {
    id: opened.drillId,
    target: opened.target,
    plan: opened.plan,
    number: lastOf(journal, 'numbered')?.number ?? null,
    startedBy: opened.startedBy,
    startedAt: opened.at,
    outcome: null,
    reasons: [],
    state: lastOf(journal, 'step')?.name ?? null,
    phase,
    asked: askedOf(drill),
    marks: Object.fromEntries(marks),
  };
}

function askedOf({ plan, journal, phase }: Drill): AskedOfPeople {
  const asked = phase === 'awaiting-approval' ? lastOf(journal, 'approval-asked') : undefined;
  const until = phase === 'deciding' ? openUntil(journal) : null;
  const reported = new Set(entriesOf(journal, 'trigger').map(({ trigger }) => trigger.name));
  const reportable = plan.triggers.filter(
    ({ name, observedBy }) => observedBy === 'person' && !reported.has(name),
  );
  return {
    approval: asked
      ? {
          until: asked.until,
          people: asked.people,
          given: approvalsIn(journal).length,
          digest: asked.digest,
          revision: asked.revision,
        }
      : null,
    decision: until === null ? null : { until },
    triggers: AFTER_DEPLOYMENT.has(phase) ? reportable.map(({ name }) => name) : [],
  };
}

function sealed({ id, target, plan, number, startedBy, marks, outcome, reasons, steps }: Receipt): DrillNow {
  const set = MARKS.flatMap((name) => (marks[name].at === null ? [] : [[name, marks[name].at] as const]));
  return {
    id,
    target,
    plan: { name: plan.name, digest: plan.digest },
    number,
    startedBy,
    startedAt: marks.drillStarted.at,
    outcome,
    reasons,
    state: steps.at(-1)?.name ?? null,
    phase: 'over',
    asked: NOTHING_ASKED,
    marks: Object.fromEntries(set),
  };
}

function touchedNothing(record: DrillRecord): DrillNow {
  const { id, target, plan, startedBy, startedAt, outcome, reasons } = record;
  return {
    id,
    target,
    plan,
    number: null,
    startedBy,
    startedAt,
    outcome,
    reasons,
    state: null,
    phase: 'over',
    asked: NOTHING_ASKED,
    marks: {},
  };
}

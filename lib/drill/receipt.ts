import {
  dominantStep,
  type Figures,
  type Interval,
  MARKS,
  type Mark,
  type MarkName,
  type Marks,
  type Measured,
  measure,
  type ProbeSummary,
  type SetMark,
} from './clock.ts';
import { gapsOf } from './findings.ts';
import type { Gap } from './gap.ts';
import { type Entry, type EntryOf, entriesOf, lastHealthyOf, lastOf } from './journal.ts';
import { type Incident, type Judged, judge, type Tier } from './outcome.ts';
import type { PathName, TriedPath } from './path.ts';
import type { Release } from './release.ts';
import type { ObservedTrigger } from './trigger.ts';
import type { Validated } from './validation.ts';

export const RECEIPT_SCHEMA = 'rollback-drill/receipt/v1';

export interface Step extends Interval {
  readonly status: 'done' | 'faulted';
  readonly attempts: number;
}

export interface PlanOfReceipt {
  readonly name: string;
  readonly digest: string;
  readonly tier: Tier;
}

export interface SideEffect {
  readonly endpoint: string;
  readonly effect: string;
  readonly compensation: string;
}

/** What the journal says; everything else on a receipt follows from it. */
export interface ReceiptFacts {
  readonly schema: typeof RECEIPT_SCHEMA;
  readonly id: string;
  readonly number: number;
  readonly target: string;
  readonly plan: PlanOfReceipt;
  readonly startedBy: string;
  readonly approvals: readonly string[];
  readonly releases: {
    readonly lastHealthy: Release | null;
    readonly knownBad: Release | null;
    readonly runningAfter: Release | null;
  };
  readonly marks: Marks;
  readonly humanWaitMs: number | null;
  readonly controlPlaneDoneAt: string | null;
  readonly steps: readonly Step[];
  readonly triggers: {
    readonly won: ObservedTrigger | null;
    readonly alsoObserved: readonly ObservedTrigger[];
  };
  readonly validations: readonly Validated[];
  readonly surfaced: readonly Gap[];
  readonly path: { readonly used: PathName | null; readonly tried: readonly TriedPath[] };
  readonly commands: readonly string[];
  readonly sideEffects: readonly SideEffect[];
  readonly incidents: readonly Incident[];
  readonly probes: { readonly summary: ProbeSummary | null; readonly series: readonly string[] };
}

export interface Conclusions extends Judged {
  readonly figures: Figures;
  readonly unknown: Measured['unknown'];
  readonly notes: Measured['notes'];
  readonly dominantStep: { readonly name: string; readonly share: number } | null;
  readonly gaps: readonly Gap[];
}

/** A receipt before it is sealed. */
export interface UnsealedReceipt extends ReceiptFacts, Conclusions {}

export interface PlanFacts {
  readonly tier: Tier;
  /** The identity by which the smoke probe knows the known-bad release of this drill. */
  readonly knownBadIdentity: string;
  readonly validations: readonly {
    readonly name: string;
    readonly kind: Validated['kind'];
    readonly required: boolean;
  }[];
  readonly sideEffects: readonly SideEffect[];
}

/** The receipt is a pure function of the journal (and of the plan that the journal froze). */
export function receiptFrom(journal: readonly Entry[], plan: PlanFacts): UnsealedReceipt {
  const facts = factsFrom(journal, plan);
  return { ...facts, ...conclude(facts) };
}

/** Recomputes everything on a receipt that is not a fact; `verify` uses the same function. */
export function conclude(facts: ReceiptFacts): Conclusions {
  const { figures, unknown, notes } = measure({
    marks: facts.marks,
    humanWaitMs: facts.humanWaitMs,
    controlPlaneDoneAt: facts.controlPlaneDoneAt,
    probes: facts.probes.summary,
    validations: facts.validations,
    winner: facts.triggers.won,
  });
  const judged = judge({
    tier: facts.plan.tier,
    marks: facts.marks,
    figures,
    unknown,
    winner: facts.triggers.won,
    validations: facts.validations,
    tried: facts.path.tried,
    incidents: facts.incidents,
  });
  const gaps = [...facts.surfaced, ...gapsOf(facts, figures)];
  return { ...judged, figures, unknown, notes, dominantStep: dominantStep(facts.steps, facts.marks), gaps };
}

function factsFrom(journal: readonly Entry[], plan: PlanFacts): ReceiptFacts {
  const opened = lastOf(journal, 'opened');
  const numbered = lastOf(journal, 'numbered');
  if (!opened || !numbered) throw new Error('a receipt needs a journal that was opened and numbered');
  const lastHealthy = lastHealthyOf(journal);
  const deployed = lastOf(journal, 'known-bad-deployed');
  const restored = standingRestored(journal);
  const triggers = entriesOf(journal, 'trigger');
  const probes = lastOf(journal, 'probes');
  const used = usedPath(journal);
  return {
    schema: RECEIPT_SCHEMA,
    id: opened.drillId,
    number: numbered.number,
    target: opened.target,
    plan: { ...opened.plan, tier: plan.tier },
    startedBy: opened.startedBy,
    approvals: [],
    releases: {
      lastHealthy,
      knownBad: deployed ? { release: plan.knownBadIdentity, ...deployed.release } : null,
      runningAfter: restored ? lastHealthy : null,
    },
    marks: marksFrom(journal),
    humanWaitMs: markEntry(journal, 'rollbackDecided') ? 0 : null,
    controlPlaneDoneAt: restored?.controlPlaneDoneAt ?? null,
    steps: stepsFrom(journal),
    triggers: {
      won: triggers.find((entry) => entry.won)?.trigger ?? null,
      alsoObserved: triggers.filter((entry) => !entry.won).map((entry) => entry.trigger),
    },
    validations: validationsFrom(journal, plan),
    surfaced: entriesOf(journal, 'gap').map(({ code, severity, message, evidence }) => ({
      code,
      severity,
      message,
      evidence,
    })),
    path: {
      used,
      tried: entriesOf(journal, 'path').map(({ path, result, reason }) => ({ name: path, result, reason })),
    },
    commands: entriesOf(journal, 'call').map((call) => call.command),
    sideEffects: plan.sideEffects,
    incidents: incidentsFrom(journal),
    probes: { summary: probes?.summary ?? null, series: probes?.series ?? [] },
  };
}

/** The restoration that no later sighting has voided. */
export function standingRestored(journal: readonly Entry[]): EntryOf<'restored'> | undefined {
  const last = journal.findLast((entry) => entry.kind === 'restored' || entry.kind === 'restored-voided');
  return last?.kind === 'restored' ? last : undefined;
}

function usedPath(journal: readonly Entry[]): PathName | null {
  const last = entriesOf(journal, 'path').findLast(
    (entry) => entry.result === 'accepted' || entry.result === 'adopted',
  );
  const failed = entriesOf(journal, 'path').some(
    (entry) => entry.result === 'failed' && entry.path === last?.path,
  );
  return last && !failed ? last.path : null;
}

function marksFrom(journal: readonly Entry[]): Marks {
  return Object.fromEntries(MARKS.map((name) => [name, markFrom(journal, name)])) as Record<MarkName, Mark>;
}

function markFrom(journal: readonly Entry[], name: MarkName): Mark {
  const derived = DERIVED[name]?.(journal);
  if (derived) return derived;
  const entry = markEntry(journal, name);
  if (entry) return setMark(entry);
  return { at: null, reason: WHY_NULL[name](journal) };
}

function markEntry(journal: readonly Entry[], name: MarkName): EntryOf<'mark'> | undefined {
  return entriesOf(journal, 'mark').findLast((entry) => entry.mark === name);
}

const DERIVED: Readonly<Partial<Record<MarkName, (journal: readonly Entry[]) => Mark | undefined>>> = {
  drillStarted: (journal) => {
    const opened = lastOf(journal, 'opened');
    return opened && { at: opened.at, source: 'orchestrator', evidence: opened.executionArn };
  },
  triggerObserved: (journal) => {
    const won = entriesOf(journal, 'trigger').find((entry) => entry.won)?.trigger;
    return won && setMark(won);
  },
  stableFirstSeen: (journal) => {
    const restored = standingRestored(journal);
    return restored?.stableFirstSeenAt
      ? {
          at: restored.stableFirstSeenAt,
          source: 'probe',
          evidence: 'first healthy response of the final uninterrupted healthy run',
        }
      : undefined;
  },
  restored: (journal) => {
    const restored = standingRestored(journal);
    return (
      restored && {
        at: restored.at,
        source: restored.source,
        evidence: `later of control plane uniform ${restored.controlPlaneDoneAt} and first of ${restored.greens} greens ${restored.firstGreenAt}`,
      }
    );
  },
  validated: (journal) => {
    const last = entriesOf(journal, 'validation')
      .map((entry) => entry.validated.endedAt)
      .sort()
      .at(-1);
    return last
      ? {
          at: last,
          source: 'orchestrator',
          evidence: `${entriesOf(journal, 'validation').length} validations ended`,
        }
      : undefined;
  },
  allClear: (journal) => {
    const clear = lastOf(journal, 'all-clear');
    return clear && { at: clear.at, source: 'probe', evidence: clear.reason };
  },
};

const WHY_NULL: Readonly<Record<MarkName, (journal: readonly Entry[]) => string>> = {
  drillStarted: () => 'the journal was never opened',
  approved: () => 'not-required: the plan asks for no approval',
  badDeployStarted: () => 'never-deployed: the deploy call was not accepted',
  badServing: (journal) =>
    markEntry(journal, 'badDeployStarted')
      ? 'never-served: no probe saw the known-bad release or a failure caused by it'
      : 'never-deployed',
  triggerObserved: (journal) =>
    markEntry(journal, 'badDeployStarted') ? 'undetected: no trigger of the plan fired' : 'never-deployed',
  rollbackDecided: () => 'never-decided',
  rollbackStarted: () => 'never-started: no rollback call was accepted',
  stableFirstSeen: (journal) =>
    standingRestored(journal) ? 'never-unhealthy: users saw nothing' : 'never-restored',
  restored: (journal) =>
    lastOf(journal, 'restored-voided')?.reason ?? 'never-restored: the restoration was not confirmed',
  validated: () => 'no validation ran',
  allClear: (journal) => lastOf(journal, 'unstable')?.reason ?? 'the quiet period was not watched to its end',
};

function setMark({ at, source, evidence, resolutionMs }: SetMark): SetMark {
  return { at, source, evidence, ...(resolutionMs === undefined ? {} : { resolutionMs }) };
}

/** A step lasts until the next one is entered; the machine does nothing between them. */
function stepsFrom(journal: readonly Entry[]): readonly Step[] {
  const entered = entriesOf(journal, 'step').toSorted((a, b) => a.enteredAt.localeCompare(b.enteredAt));
  const faulted = new Set(entriesOf(journal, 'fault').map((fault) => fault.state));
  const closing = lastOf(journal, 'closing')?.at;
  return entered.map((step, index) => ({
    name: step.name,
    startedAt: step.enteredAt,
    endedAt: entered[index + 1]?.enteredAt ?? closing ?? step.enteredAt,
    status: faulted.has(step.name) ? 'faulted' : 'done',
    attempts: step.executions,
  }));
}

/** A validation of the plan that left no verdict is unknown, never absent. */
function validationsFrom(journal: readonly Entry[], plan: PlanFacts): readonly Validated[] {
  const ended = entriesOf(journal, 'validation').map((entry) => entry.validated);
  return plan.validations.map(
    (planned) => ended.find((validated) => validated.name === planned.name) ?? missing(planned),
  );
}

function missing({ name, kind, required }: PlanFacts['validations'][number]): Validated {
  return {
    name,
    kind,
    required,
    verdict: 'unknown',
    reason: 'it did not run to its end',
    evidence: [],
    startedAt: '',
    endedAt: '',
  };
}

function incidentsFrom(journal: readonly Entry[]): readonly Incident[] {
  return journal.flatMap((entry): Incident[] => {
    switch (entry.kind) {
      case 'not-restored':
      case 'overtaken':
      case 'undetected':
        return [{ kind: entry.kind, reason: entry.reason, at: null, by: null }];
      case 'unstable':
        return [{ kind: entry.kind, reason: entry.reason, at: entry.at, by: null }];
      case 'aborted':
      case 'taken-over':
        return [{ kind: entry.kind, reason: entry.reason, at: entry.at, by: entry.by }];
      case 'fault':
        return [
          {
            kind: entry.kind,
            reason: `${entry.state} broke: ${entry.error}: ${entry.cause}`,
            at: null,
            by: entry.state,
          },
        ];
      default:
        return [];
    }
  });
}

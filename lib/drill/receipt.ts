import type { Marks, ProbeSummary } from './clock.ts';
import {
  type Detection,
  type DetectionPlan,
  detectionTable,
  type JudgedTrigger,
  judgedTriggers,
} from './detection.ts';
import type { Entry, EntryOf } from './entry.ts';
import { type Figures, type Measured, measure } from './figures.ts';
import { gapsOf } from './findings.ts';
import type { Gap } from './gap.ts';
import { incidentsFrom } from './incidents.ts';
import { baselineFrom, entriesOf, lastHealthyOf, lastOf, sinceVoided } from './journal.ts';
import { marksFrom, type Standing } from './marks.ts';
import { gapsOfMigration, type MigrationOfReceipt, migrationFrom } from './migration.ts';
import { type Incident, type Judged, judge, type Tier } from './outcome.ts';
import { type PathsTried, pathsTried } from './paths-tried.ts';
import { humanWaitMs } from './people/decision.ts';
import { type ApprovalOfReceipt, approvalsFrom, type PersonsPart, peopleFrom } from './people/people.ts';
import { gapsOfDetection } from './rehearsed.ts';
import type { Release } from './release.ts';
import { gapsOfCensus, type OwedSideEffect, owedSideEffects, type SideEffect } from './side-effects.ts';
import { dominantStep, type Step, stepsFrom } from './steps.ts';
import type { ObservedTrigger } from './trigger.ts';
import { validationsFrom } from './validated.ts';
import type { Validated } from './validation.ts';
import type { TimelineFacts } from './validations/timeline.ts';
import type { Baseline } from './witness/baseline.ts';
import { controlPlaneDoneAt } from './witness/illusion.ts';

export const RECEIPT_SCHEMA = 'rollback-drill/receipt/v1';

export interface PlanOfReceipt {
  readonly name: string;
  readonly digest: string;
  readonly tier: Tier;
}

/** A path that was tried or looked at; `applicable` is whether the observed state allowed it. */
/** What the journal says; everything else on a receipt follows from it. */
export interface ReceiptFacts {
  readonly schema: typeof RECEIPT_SCHEMA;
  readonly id: string;
  readonly number: number;
  readonly target: string;
  readonly plan: PlanOfReceipt;
  readonly startedBy: string;
  /** A digest of how the target was set up as far as its rollback depends on it. Receipts of earlier versions do not tell. */
  readonly pathFingerprint?: string;
  readonly approvals: readonly ApprovalOfReceipt[];
  /** Who did what in the drill, in the order of time. */
  readonly people: readonly PersonsPart[];
  readonly releases: {
    readonly lastHealthy: Release | null;
    readonly knownBad: Release | null;
    readonly runningAfter: Release | null;
  };
  /** What users met before the known-bad release; `null` when it was not measured. */
  readonly baseline: Baseline | null;
  readonly marks: Marks;
  readonly humanWaitMs: number | null;
  readonly controlPlaneDoneAt: string | null;
  readonly steps: readonly Step[];
  readonly triggers: {
    readonly won: ObservedTrigger | null;
    readonly alsoObserved: readonly ObservedTrigger[];
    /** Every trigger of the plan. Receipts of earlier versions do not tell. */
    readonly planned?: readonly JudgedTrigger[];
  };
  readonly validations: readonly Validated[];
  /** Of plans with a migration: whether it was taken back. */
  readonly migration?: MigrationOfReceipt;
  readonly surfaced: readonly Gap[];
  readonly path: PathsTried;
  readonly commands: readonly string[];
  readonly sideEffects: readonly OwedSideEffect[];
  readonly incidents: readonly Incident[];
  readonly probes: { readonly summary: ProbeSummary | null; readonly series: readonly string[] };
}

export interface Conclusions extends Judged {
  readonly figures: Figures;
  readonly unknown: Measured['unknown'];
  readonly notes: Measured['notes'];
  readonly dominantStep: { readonly name: string; readonly share: number } | null;
  readonly gaps: readonly Gap[];
  /** For each trigger of the plan: would it have fired, when, and within its budget? */
  readonly detection?: readonly Detection[];
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
  readonly migration?: { readonly when: 'before-rollback' | 'after-rollback' };
  readonly detection: DetectionPlan;
  /** How the witness probes. */
  readonly probing: TimelineFacts['probing'];
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
    migration: facts.migration,
    touched: facts.commands.length > 0,
  });
  const { planned } = facts.triggers;
  const detection = planned && detectionTable(planned, facts.marks);
  const gaps = [
    ...facts.surfaced,
    ...gapsOf(facts, figures),
    ...(detection && facts.marks.badDeployStarted.at !== null
      ? gapsOfDetection(detection, facts.number)
      : []),
  ];
  return {
    ...judged,
    figures,
    unknown,
    notes,
    dominantStep: dominantStep(facts.steps, facts.marks),
    gaps,
    ...(detection ? { detection } : {}),
  };
}

function factsFrom(journal: readonly Entry[], plan: PlanFacts): ReceiptFacts {
  const opened = lastOf(journal, 'opened');
  const numbered = lastOf(journal, 'numbered');
  if (!opened || !numbered) throw new Error('a receipt needs a journal that was opened and numbered');
  const lastHealthy = lastHealthyOf(journal);
  const deployed = lastOf(journal, 'known-bad-deployed');
  const standing = standingOf(journal);
  const triggers = entriesOf(journal, 'trigger');
  const probes = lastOf(journal, 'probes');
  const marks = marksFrom(journal, standing);
  const sideEffects = owedSideEffects(journal, plan.sideEffects);
  const validations = validationsFrom(journal, plan, marks);
  const migration = migrationFrom(journal, plan);
  return {
    schema: RECEIPT_SCHEMA,
    id: opened.drillId,
    number: numbered.number,
    target: opened.target,
    plan: { ...opened.plan, tier: plan.tier },
    startedBy: opened.startedBy,
    ...pathFingerprint(journal),
    approvals: approvalsFrom(journal),
    people: peopleFrom(journal),
    releases: {
      lastHealthy,
      knownBad: deployed ? { release: plan.knownBadIdentity, ...deployed.release } : null,
      runningAfter: standing.restored ? lastHealthy : null,
    },
    baseline: baselineFrom(journal),
    marks,
    humanWaitMs: marks.rollbackDecided.at === null ? null : humanWaitMs(journal, marks.rollbackDecided.at),
    controlPlaneDoneAt: controlPlaneDoneAt(journal),
    steps: stepsFrom(journal),
    triggers: {
      won: triggers.find((entry) => entry.won)?.trigger ?? null,
      alsoObserved: triggers.filter((entry) => !entry.won).map((entry) => entry.trigger),
      planned: judgedTriggers(journal, plan.detection),
    },
    validations: validations.map(({ gaps: _, ...validated }) => validated),
    ...(migration ? { migration } : {}),
    surfaced: [
      ...entriesOf(journal, 'gap').map(({ code, severity, message, evidence }) => ({
        code,
        severity,
        message,
        evidence,
      })),
      ...validations.flatMap(({ gaps = [] }) => gaps),
      ...gapsOfCensus(sideEffects),
      ...gapsOfMigration(journal, migration),
    ],
    path: pathsTried(journal),
    commands: entriesOf(journal, 'call').map((call) => call.command),
    sideEffects,
    incidents: incidentsFrom(journal),
    probes: { summary: probes?.summary ?? null, series: probes?.series ?? [] },
  };
}

/** The restoration that no later sighting has voided. */
export function standingRestored(journal: readonly Entry[]): EntryOf<'restored'> | undefined {
  return lastOf(sinceVoided(journal), 'restored');
}

/** What the witness saw until the end voids a restoration, also when nobody was left to react to it. */
function standingOf(journal: readonly Entry[]): Standing {
  const restored = standingRestored(journal);
  if (!restored) {
    const voided = lastOf(journal, 'restored-voided')?.reason;
    return { restored: null, reason: voided ?? 'never-restored: the restoration was not confirmed' };
  }
  const seenAt = lastOf(journal, 'probes')?.summary.lastKnownBadSeenAt ?? null;
  if (seenAt === null || seenAt <= restored.at) return { restored };
  const reason = `voided: the known-bad release was seen at ${seenAt}, after the target was restored at ${restored.at}`;
  return { restored: null, reason };
}

function pathFingerprint(journal: readonly Entry[]): Pick<ReceiptFacts, 'pathFingerprint'> {
  const found = lastOf(journal, 'captured')?.pathFingerprint;
  return found === undefined ? {} : { pathFingerprint: found };
}

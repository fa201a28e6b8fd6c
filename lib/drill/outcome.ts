import type { Marks } from './clock.ts';
import type { FigureName, Figures } from './figures.ts';
import type { MigrationOfReceipt } from './migration.ts';
import type { TriedPath } from './path.ts';
import type { ObservedTrigger } from './trigger.ts';
import type { Validated } from './validation.ts';

/** In order of precedence: when several hold, the first wins. */
export const OUTCOMES = [
  'refused',
  'not-restored',
  'compromised',
  'aborted',
  'failed',
  'inconclusive',
  'rescued',
  'passed',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  refused: 21,
  'not-restored': 23,
  compromised: 25,
  aborted: 24,
  failed: 20,
  inconclusive: 26,
  rescued: 22,
  passed: 0,
};

export type Tier = 'critical' | 'standard';

/** Rollback speed that a tier asks for: decision to full restoration. */
export const SPEED_TARGET_MS: Readonly<Record<Tier, number>> = {
  critical: 5 * 60_000,
  standard: 15 * 60_000,
};

/** What happened besides the plan, in the words of the journal. */
export interface Incident {
  readonly kind:
    | 'not-restored'
    | 'overtaken'
    | 'aborted'
    | 'unstable'
    | 'undetected'
    | 'fault'
    | 'taken-over';
  readonly reason: string;
  readonly at: string | null;
  readonly by: string | null;
}

export interface OutcomeFacts {
  readonly tier: Tier;
  readonly marks: Marks;
  readonly figures: Figures;
  readonly unknown: Readonly<Partial<Record<FigureName, string>>>;
  readonly winner: ObservedTrigger | null;
  readonly validations: readonly Validated[];
  readonly tried: readonly TriedPath[];
  readonly incidents: readonly Incident[];
  /** Of plans with a migration. */
  readonly migration?: MigrationOfReceipt | undefined;
  /** Whether any call was made on the target, or may have been. */
  readonly touched: boolean;
}

export interface Judged {
  readonly outcome: Outcome;
  /** What led to the outcome, with the arithmetic. Never empty. */
  readonly reasons: readonly string[];
}

/** Judges a drill that was numbered; for one that was not, `recordFrom` keeps a small record. */
export function judge(facts: OutcomeFacts): Judged {
  for (const [outcome, reasonsFor] of RULES) {
    const reasons = reasonsFor(facts);
    if (reasons.length > 0) return { outcome, reasons };
  }
  return { outcome: 'passed', reasons: measurements(facts) };
}

const RULES: readonly (readonly [Outcome, (facts: OutcomeFacts) => readonly string[]])[] = [
  ['not-restored', notRestored],
  ['compromised', (facts) => incidents(facts, 'overtaken')],
  ['aborted', (facts) => incidents(facts, 'aborted')],
  ['failed', failed],
  ['inconclusive', inconclusive],
  ['rescued', rescued],
];

function notRestored(facts: OutcomeFacts): readonly string[] {
  const stated = incidents(facts, 'not-restored');
  if (stated.length > 0) return stated;
  const stands = facts.incidents.some((incident) => incident.kind === 'overtaken');
  if (stands || !facts.touched || facts.marks.restored.at !== null) return [];
  return [`it cannot be shown that the target is off the known-bad release: ${facts.marks.restored.reason}`];
}

function failed(facts: OutcomeFacts): readonly string[] {
  return [
    ...incidents(facts, 'undetected'),
    ...incidents(facts, 'unstable'),
    ...facts.incidents
      .filter((incident) => incident.kind === 'fault' && incident.by === 'DeployKnownBad')
      .map((incident) => incident.reason),
    ...notUndone(facts),
    ...verdicts(facts, 'failed'),
    ...overBudget(facts),
  ];
}

/** Whatever the old code answers, a database that is not as before is not whole. */
function notUndone({ migration }: OutcomeFacts): readonly string[] {
  if (!migration || migration.result === 'undone' || migration.result === 'not-needed') return [];
  return [`the migration of the known-bad release is not undone: ${migration.reason}`];
}

function overBudget({ figures, winner, tier }: OutcomeFacts): readonly string[] {
  const target = SPEED_TARGET_MS[tier];
  const reasons: string[] = [];
  if (winner && figures.rehearsalTimerMs !== null && figures.rehearsalTimerMs > winner.budgetMs) {
    reasons.push(
      `rehearsal timer ${figures.rehearsalTimerMs} ms > budget ${winner.budgetMs} ms of trigger ${winner.name}`,
    );
  }
  if (figures.rollbackSpeedMs !== null && figures.rollbackSpeedMs > target) {
    reasons.push(`rollback speed ${figures.rollbackSpeedMs} ms > target ${target} ms of tier ${tier}`);
  }
  return reasons;
}

/** The watchdog's rescue is judged by whether the target is whole: what the dead drill could not measure is no proof it owes. */
function inconclusive(facts: OutcomeFacts): readonly string[] {
  const { completeness } = facts.figures;
  return [
    ...verdicts(facts, 'unknown'),
    ...(completeness === null ? [`completeness is unknown: ${facts.unknown.completeness}`] : []),
    ...(restoredByWatchdog(facts).length === 0 ? unmeasured(facts) : []),
  ];
}

function unmeasured(facts: OutcomeFacts): readonly string[] {
  const { figures, marks, unknown } = facts;
  return [
    ...incidents(facts, 'fault'),
    ...MEASURED_WHEN_PASSED.filter((figure) => figures[figure] === null).map(
      (figure) => `${figure} is unknown: ${unknown[figure]}`,
    ),
    ...(marks.rollbackStarted.at === null
      ? [`no rollback is known to have restored the target: ${marks.rollbackStarted.reason}`]
      : []),
    ...(marks.allClear.at === null
      ? [`the quiet period is not known to be quiet: ${marks.allClear.reason}`]
      : []),
  ];
}

const MEASURED_WHEN_PASSED = ['rollbackSpeedMs', 'rehearsalTimerMs', 'userImpactMs'] as const;

function rescued(facts: OutcomeFacts): readonly string[] {
  return [
    ...facts.tried
      .filter((path) => path.result === 'failed')
      .map((path) => `path ${path.name} failed: ${path.reason}`),
    ...restoredByWatchdog(facts),
  ];
}

/** A drill that was taken over after it was restored is judged like any other. */
function restoredByWatchdog({ incidents, marks }: OutcomeFacts): readonly string[] {
  const { restored } = marks;
  if (restored.at === null) return [];
  return incidents
    .filter(({ kind, at }) => kind === 'taken-over' && at !== null && at <= restored.at)
    .map(({ reason }) => `restored by the watchdog: ${reason}`);
}

function measurements({ marks, figures, winner, tier, validations }: OutcomeFacts): readonly string[] {
  const passed = validations.filter((validation) => validation.verdict === 'passed').length;
  return [
    `restored at ${marks.restored.at}: rollback speed ${figures.rollbackSpeedMs} ms ≤ target ${SPEED_TARGET_MS[tier]} ms of tier ${tier}`,
    ...(winner
      ? [
          `rehearsal timer ${figures.rehearsalTimerMs} ms ≤ budget ${winner.budgetMs} ms of trigger ${winner.name}`,
        ]
      : []),
    `${passed} of ${validations.length} validations passed, completeness ${figures.completeness}`,
  ];
}

function verdicts({ validations }: OutcomeFacts, verdict: 'failed' | 'unknown'): readonly string[] {
  return validations
    .filter((validation) => validation.required && validation.verdict === verdict)
    .map(
      (validation) =>
        `validation ${validation.name} ${verdict === 'failed' ? 'failed' : 'is unknown'}: ${validation.reason}`,
    );
}

function incidents(facts: OutcomeFacts, kind: Incident['kind']): readonly string[] {
  return facts.incidents.filter((incident) => incident.kind === kind).map((incident) => incident.reason);
}

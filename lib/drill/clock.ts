import type { WonTrigger } from './trigger.ts';

/** Marks in the order in which a drill that goes well sets them. Times are ISO 8601 UTC with milliseconds. */
export const MARKS = [
  'drillStarted',
  'approved',
  'badDeployStarted',
  'badServing',
  'triggerObserved',
  'rollbackDecided',
  'rollbackStarted',
  'stableFirstSeen',
  'restored',
  'validated',
  'allClear',
] as const;

export type MarkName = (typeof MARKS)[number];

export type MarkSource = 'api' | 'event' | 'probe' | 'person' | 'orchestrator';

export interface SetMark {
  readonly at: string;
  readonly source: MarkSource;
  readonly evidence: string;
  /** What the source can tell apart; absent means one millisecond. */
  readonly resolutionMs?: number;
}

/** A mark that cannot exist says why. */
export type Mark = SetMark | { readonly at: null; readonly reason: string };

export type Marks = Readonly<Record<MarkName, Mark>>;

export interface Interval {
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface ProbeSummary {
  readonly total: number;
  readonly failed: number;
  readonly firstFailedAt: string | null;
  readonly lastFailedAt: string | null;
  /** Probes between the first and the last failing one, both included. */
  readonly totalWhileFailing: number;
  readonly lastKnownBadSeenAt: string | null;
}

export interface FigureFacts {
  readonly marks: Marks;
  readonly humanWaitMs: number | null;
  /** When the control plane said that the rollback was done. */
  readonly controlPlaneDoneAt: string | null;
  readonly probes: ProbeSummary | null;
  readonly validations: readonly {
    readonly required: boolean;
    readonly verdict: 'passed' | 'failed' | 'unknown';
  }[];
  readonly winner: WonTrigger | null;
}

export const FIGURES = [
  'timeToDetectMs',
  'decisionTimeMs',
  'humanWaitMs',
  'rollbackSpeedMs',
  'rehearsalTimerMs',
  'totalRollbackTimeMs',
  'failedDeploymentRecoveryTimeMs',
  'userImpactMs',
  'failedProbeShare',
  'illusionOfRecoveryMs',
  'completeness',
] as const;

export type FigureName = (typeof FIGURES)[number];

export type Figures = Readonly<Record<FigureName, number | null>>;

/** Every figure that is `null` has its reason in `unknown`. */
export interface Measured {
  readonly figures: Figures;
  readonly unknown: Readonly<Partial<Record<FigureName, string>>>;
  /** What a figure was measured from, where that depends on the drill. */
  readonly notes: Readonly<Partial<Record<FigureName, string>>>;
}

type Figure =
  | { readonly value: number; readonly note?: string }
  | { readonly value: null; readonly reason: string };

/** Durations in milliseconds, shares from 0 to 1. Nothing is clamped: a negative time to detect is a finding. */
export function measure(facts: FigureFacts): Measured {
  const figures: Record<FigureName, Figure> = {
    timeToDetectMs: timeToDetect(facts.marks),
    decisionTimeMs: between(facts.marks, 'triggerObserved', 'rollbackDecided'),
    humanWaitMs: facts.humanWaitMs === null ? unknown('no rollback was decided') : known(facts.humanWaitMs),
    rollbackSpeedMs: between(facts.marks, 'rollbackDecided', 'restored'),
    rehearsalTimerMs: between(facts.marks, 'triggerObserved', 'restored'),
    totalRollbackTimeMs: between(facts.marks, 'rollbackStarted', 'stableFirstSeen'),
    failedDeploymentRecoveryTimeMs: between(facts.marks, 'badServing', 'restored'),
    userImpactMs: userImpact(facts.probes),
    failedProbeShare: failedProbeShare(facts.probes),
    illusionOfRecoveryMs: illusionOfRecovery(facts),
    completeness: completeness(facts.validations),
  };
  return {
    figures: mapFigures(figures, (figure) => figure.value) as Figures,
    unknown: mapFigures(figures, (figure) => (figure.value === null ? figure.reason : undefined)),
    notes: mapFigures(figures, (figure) => (figure.value === null ? undefined : figure.note)),
  };
}

/** The step that took the largest part of the time from trigger to restored. */
export function dominantStep(
  steps: readonly Interval[],
  marks: Marks,
): { name: string; share: number } | null {
  const from = timeOf(marks.triggerObserved);
  const to = timeOf(marks.restored);
  if (from === null || to === null || to <= from) return null;
  const shares = steps.map(({ name, startedAt, endedAt }) => ({
    name,
    share:
      Math.max(0, Math.min(Date.parse(endedAt), to) - Math.max(Date.parse(startedAt), from)) / (to - from),
  }));
  const longest = shares.reduce((best, step) => (step.share > best.share ? step : best), {
    name: '',
    share: 0,
  });
  return longest.share > 0 ? { name: longest.name, share: round(longest.share) } : null;
}

/** Marks that stand before a mark that they must not precede; an adopted rollback and a failed detection have their own order. */
export function marksOutOfOrder(marks: Marks): readonly string[] {
  const chain: readonly MarkName[] = [
    'drillStarted',
    'approved',
    'badDeployStarted',
    'rollbackDecided',
    'rollbackStarted',
    'restored',
    'validated',
    'allClear',
  ];
  const set = chain.flatMap((name) =>
    timeOf(marks[name]) === null ? [] : [{ name, at: timeOf(marks[name]) as number }],
  );
  return set.flatMap((mark, index) => {
    const before = set[index - 1];
    return before && mark.at < before.at
      ? [`${mark.name} (${iso(mark.at)}) is before ${before.name} (${iso(before.at)})`]
      : [];
  });
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function timeOf(mark: Mark): number | null {
  return mark.at === null ? null : Date.parse(mark.at);
}

function timeToDetect(marks: Marks): Figure {
  if (marks.badServing.at !== null || marks.triggerObserved.at === null)
    return between(marks, 'badServing', 'triggerObserved');
  const sinceDeploy = between(marks, 'badDeployStarted', 'triggerObserved');
  return sinceDeploy.value === null
    ? sinceDeploy
    : { ...sinceDeploy, note: 'measured from badDeployStarted: the known-bad release was never served' };
}

function between(marks: Marks, from: MarkName, to: MarkName): Figure {
  const start = marks[from];
  const end = marks[to];
  if (start.at === null) return unknown(`${from}: ${start.reason}`);
  if (end.at === null) return unknown(`${to}: ${end.reason}`);
  return known(Date.parse(end.at) - Date.parse(start.at));
}

function userImpact(probes: ProbeSummary | null): Figure {
  if (!probes || probes.total === 0) return unknown('the witness left no probes');
  if (probes.firstFailedAt === null || probes.lastFailedAt === null) return known(0);
  return known(Date.parse(probes.lastFailedAt) - Date.parse(probes.firstFailedAt));
}

function failedProbeShare(probes: ProbeSummary | null): Figure {
  if (!probes || probes.total === 0) return unknown('the witness left no probes');
  if (probes.failed === 0) return known(0);
  return known(round(probes.failed / probes.totalWhileFailing));
}

function illusionOfRecovery({ controlPlaneDoneAt, probes }: FigureFacts): Figure {
  if (!controlPlaneDoneAt) return unknown('the control plane never said that the rollback was done');
  if (!probes || probes.total === 0) return unknown('the witness left no probes');
  if (probes.lastKnownBadSeenAt === null) return known(0);
  return known(Math.max(0, Date.parse(probes.lastKnownBadSeenAt) - Date.parse(controlPlaneDoneAt)));
}

function completeness(validations: FigureFacts['validations']): Figure {
  const required = validations.filter((validation) => validation.required);
  if (required.length === 0) return unknown('the plan requires no validation');
  return known(
    round(required.filter((validation) => validation.verdict === 'passed').length / required.length),
  );
}

function known(value: number): Figure {
  return { value };
}

function unknown(reason: string): Figure {
  return { value: null, reason };
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

function mapFigures<T>(
  figures: Record<FigureName, Figure>,
  pick: (figure: Figure) => T | undefined,
): Partial<Record<FigureName, T>> {
  return Object.fromEntries(
    FIGURES.flatMap((name) => {
      const value = pick(figures[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

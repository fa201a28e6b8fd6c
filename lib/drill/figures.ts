import type { MarkName, Marks, ProbeSummary } from './clock.ts';
import { timeOf } from './clock.ts';
import { shareOf } from './share.ts';
import type { Validated } from './validation.ts';

export interface FigureFacts {
  readonly marks: Marks;
  readonly humanWaitMs: number | null;
  /** When the control plane first said that the rollback was done. */
  readonly controlPlaneDoneAt: string | null;
  readonly probes: ProbeSummary | null;
  readonly validations: readonly Pick<Validated, 'required' | 'verdict'>[];
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

/** Plans probe at least once a minute and wait for an answer at most 30 s; a longer silence is a dead witness. */
const LONGEST_SILENCE_MS = 120_000;

function timeToDetect(marks: Marks): Figure {
  const { badServing } = marks;
  if (badServing.at !== null || !badServing.reason.startsWith('never-served'))
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
  return seen(probes, ({ firstFailedAt, lastFailedAt }) =>
    firstFailedAt === null || lastFailedAt === null
      ? 0
      : Date.parse(lastFailedAt) - Date.parse(firstFailedAt),
  );
}

function failedProbeShare(probes: ProbeSummary | null): Figure {
  return seen(probes, ({ failed, totalWhileFailing }) =>
    failed === 0 ? 0 : shareOf(failed, totalWhileFailing),
  );
}

function illusionOfRecovery({ controlPlaneDoneAt, probes }: FigureFacts): Figure {
  if (controlPlaneDoneAt === null)
    return unknown('no restoration was confirmed: it is not known when the control plane was done');
  return seen(probes, ({ lastKnownBadSeenAt }) =>
    lastKnownBadSeenAt === null
      ? 0
      : Math.max(0, Date.parse(lastKnownBadSeenAt) - Date.parse(controlPlaneDoneAt)),
  );
}

/** What users saw is known only as far as the witness watched: its silence is never taken for health. */
function seen(probes: ProbeSummary | null, measured: (probes: ProbeSummary) => number): Figure {
  if (probes === null || probes.total === 0 || probes.longestSilenceMs === null)
    return unknown('the witness left no probes since the known-bad release was deployed');
  if (probes.longestSilenceMs > LONGEST_SILENCE_MS)
    return unknown(`the witness was silent for ${probes.longestSilenceMs} ms > ${LONGEST_SILENCE_MS} ms`);
  return known(measured(probes));
}

function completeness(validations: FigureFacts['validations']): Figure {
  const required = validations.filter((validation) => validation.required);
  if (required.length === 0) return unknown('the plan requires no validation');
  return known(
    shareOf(required.filter((validation) => validation.verdict === 'passed').length, required.length),
  );
}

function known(value: number): Figure {
  return { value };
}

function unknown(reason: string): Figure {
  return { value: null, reason };
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

/** From the trigger to the rollback call that answered it: the drill's own part of the rehearsal timer. What waited for people is not; nobody called an adopted rollback. */
export function triggerToCallMs(
  marks: Marks,
  path: string | null,
  humanWaitMs: number | null,
): number | null {
  const [observed, called] = [timeOf(marks.triggerObserved), timeOf(marks.rollbackStarted)];
  return observed === null || called === null || path === 'automatic'
    ? null
    : called - observed - (humanWaitMs ?? 0);
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

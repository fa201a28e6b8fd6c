import { median, triggerToCallMs } from '../drill/figures.ts';
import { SPEED_TARGET_MS } from '../drill/outcome.ts';
import type { Receipt } from '../drill/seal.ts';
import { duration, percent, setting } from './duration.ts';

type FigureName = keyof Receipt['figures'];

/** A figure of a receipt for people; `value` is `null` when it is unknown, and then `about` says why. */
export interface FigureRow {
  readonly label: string;
  readonly value: string | null;
  readonly about: string;
  readonly isHeadline: boolean;
}

/** The figures that people ask for first come first. */
export function figureRows(receipt: Receipt, recentCallsMs: readonly number[] = []): readonly FigureRow[] {
  const { triggers, plan, dominantStep, validations } = receipt;
  const budget = triggers.won ? `; budget ${setting(triggers.won.budgetMs)}` : '';
  const target = `; target ${setting(SPEED_TARGET_MS[plan.tier])}`;
  const required = validations.filter((validation) => validation.required);
  const passed = required.filter(({ verdict }) => verdict === 'passed').length;
  const row = figureOf(receipt);
  return [
    headline(row('rehearsalTimerMs', 'rehearsal timer', `trigger → restored${budget}`)),
    headline(row('rollbackSpeedMs', 'rollback speed', `decision → restored${target}`)),
    callRow(receipt, recentCallsMs),
    row('timeToDetectMs', 'time to detect', 'bad release serving → trigger'),
    row('decisionTimeMs', 'decision time', 'trigger → decision'),
    row('humanWaitMs', 'waiting for people', 'part of the decision time'),
    row('totalRollbackTimeMs', 'total rollback time', 'rollback call → stable first seen'),
    row('failedDeploymentRecoveryTimeMs', 'deployment recovery', 'bad serving → restored (not for DORA)'),
    row('userImpactMs', 'user-visible impact', 'first → last failing probe'),
    row('failedProbeShare', 'failing meanwhile', 'share of the probes between them', percent),
    row('illusionOfRecoveryMs', 'illusion of recovery', 'bad seen after control plane was done'),
    row(
      'completeness',
      'completeness',
      `${passed} of ${required.length} required validations passed`,
      percent,
    ),
    {
      label: 'dominant step',
      value: dominantStep && percent(dominantStep.share),
      about: dominantStep ? `of the timer in ${dominantStep.name}` : 'the rehearsal timer is unknown',
      isHeadline: false,
    },
  ];
}

function figureOf({ figures, unknown, notes }: Receipt) {
  return (name: FigureName, label: string, about: string, tell = duration): FigureRow => {
    const value = figures[name];
    if (value === null)
      return { label, value, about: unknown[name] ?? 'no reason is given', isHeadline: false };
    return { label, value: tell(value), about: notes[name] ?? about, isHeadline: false };
  };
}

function headline(row: FigureRow): FigureRow {
  return { ...row, isHeadline: true };
}

/** The product's own part of the rehearsal timer, with the median of the target's last drills where they are known. */
function callRow({ marks, path, humanWaitMs }: Receipt, recentCallsMs: readonly number[]): FigureRow {
  const label = 'trigger → rollback call';
  const value = triggerToCallMs(marks, path.used, humanWaitMs);
  if (value === null) return { label, value, about: whyNoCall(marks), isHeadline: false };
  const alone = humanWaitMs ? ', without waiting for people' : '';
  const middle = median(recentCallsMs);
  const recent = middle === null ? '' : `; median of ${recentCallsMs.length}: ${duration(middle)}`;
  return {
    label,
    value: duration(value),
    about: `from seeing to acting${alone}${recent}`,
    isHeadline: false,
  };
}

function whyNoCall({ triggerObserved, rollbackStarted }: Receipt['marks']): string {
  if (triggerObserved.at === null) return `triggerObserved: ${triggerObserved.reason}`;
  if (rollbackStarted.at === null) return `rollbackStarted: ${rollbackStarted.reason}`;
  return 'the target rolled itself back';
}

import { SPEED_TARGET_MS } from '../drill/outcome.ts';
import type { Receipt } from '../drill/seal.ts';
import { duration, percent, setting } from './duration.ts';

type FigureName = keyof Receipt['figures'];
type MarkName = keyof Receipt['marks'];

/** A figure of a receipt for people; `value` is `null` when it is unknown, and then `about` says why. */
export interface FigureRow {
  readonly label: string;
  readonly value: string | null;
  readonly about: string;
  readonly isHeadline: boolean;
}

/** The figures that people ask for first come first. */
export function figureRows(receipt: Receipt): readonly FigureRow[] {
  const { triggers, plan, dominantStep, validations } = receipt;
  const budget = triggers.won ? `; budget ${setting(triggers.won.budgetMs)}` : '';
  const target = `; target ${setting(SPEED_TARGET_MS[plan.tier])}`;
  const required = validations.filter((validation) => validation.required);
  const passed = required.filter(({ verdict }) => verdict === 'passed').length;
  const row = figureOf(receipt);
  return [
    headline(row('rehearsalTimerMs', 'rehearsal timer', `trigger → restored${budget}`)),
    headline(row('rollbackSpeedMs', 'rollback speed', `decision → restored${target}`)),
    callRow(receipt),
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

/** How long it took from seeing to acting: the product's own part of the rehearsal timer. */
function callRow({ marks }: Receipt): FigureRow {
  const from = momentOf(marks, 'triggerObserved');
  const to = momentOf(marks, 'rollbackStarted');
  const label = 'trigger → rollback call';
  if (typeof from === 'string' || typeof to === 'string') {
    const about = typeof from === 'string' ? from : String(to);
    return { label, value: null, about, isHeadline: false };
  }
  return {
    label,
    value: duration(to - from),
    about: 'from seeing to acting',
    isHeadline: false,
  };
}

/** Epoch milliseconds, or why there are none. */
function momentOf(marks: Receipt['marks'], name: MarkName): number | string {
  const mark = marks[name];
  return mark.at === null ? `${name}: ${mark.reason}` : Date.parse(mark.at);
}

import type { Detection } from '../drill/detection.ts';
import type { PipelineExecution } from '../drill/release.ts';
import type { Receipt } from '../drill/seal.ts';
import { NO_WAY_TO_COUNT } from '../drill/side-effects.ts';
import { duration, setting } from './duration.ts';

/** For example `after 812 ms, whole again 5.310 s later, budget 3 min`. The evidence is on the receipt. */
export function detected(trigger: Detection): string {
  const { fired, action, timeToDetectMs, timerMs, budgetMs, withinBudget, reason } = trigger;
  if (fired !== true) return `${fired === false ? 'silent' : 'not known'}: ${reason}`;
  const when = timeToDetectMs === null ? 'fired' : `after ${duration(timeToDetectMs)}`;
  const back = timerMs === null ? 'whole again: not known' : wholeAgain(timerMs);
  const budget = `budget ${setting(budgetMs)}${withinBudget === false ? ' exceeded' : ''}`;
  const pages = action === 'page-only' ? ', page only' : '';
  return `${when}, ${back}, ${budget}${pages}`;
}

function wholeAgain(timerMs: number): string {
  return timerMs < 0
    ? `${duration(-timerMs)} after all was whole again`
    : `whole again ${duration(timerMs)} later`;
}

/** Receipts of earlier versions count nothing. */
export function owing({
  effect,
  compensation,
  happened,
  reason,
  owed,
}: Receipt['sideEffects'][number]): string {
  if (happened === undefined || reason === NO_WAY_TO_COUNT) return `${effect} → ${compensation}`;
  if (happened === null) return `${effect}, ${reason} → ${compensation}`;
  return owed === null ? `${effect}: none happened (${reason})` : `${effect}: ${reason} → ${owed}`;
}

/** A pipeline execution with what makes it repeatable: `execution 7f3c… with image_tag=v4, Source at 9d1e`. */
export function executed({ id, variables, sourceRevisions }: PipelineExecution): string {
  const chosen = [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...sourceRevisions.map(({ action, revision }) => `${action} at ${revision}`),
  ];
  return `execution ${id}${chosen.length > 0 ? ` with ${chosen.join(', ')}` : ''}`;
}

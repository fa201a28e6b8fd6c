import type { Receipt } from './seal.ts';

/** What monitoring keeps of a sealed drill. An unknown figure is `null`; everything else is on the receipt. */
export interface Measured {
  readonly target: string;
  readonly outcome: Receipt['outcome'];
  /** 1 or 0. */
  readonly passed: number;
  readonly rehearsalTimerMs: number | null;
  readonly rollbackSpeedMs: number | null;
  readonly timeToDetectMs: number | null;
  readonly userImpactMs: number | null;
}

export function measuredOf({ target, outcome, figures }: Receipt): Measured {
  const { rehearsalTimerMs, rollbackSpeedMs, timeToDetectMs, userImpactMs } = figures;
  const passed = outcome === 'passed' ? 1 : 0;
  return { target, outcome, passed, rehearsalTimerMs, rollbackSpeedMs, timeToDetectMs, userImpactMs };
}

import type { Definition } from './definition.ts';
import { EXTRA_PERIODS } from './judge.ts';
import type { Grid } from './read-metric.ts';
import { watchOf } from './watch.ts';

export interface Windows {
  /** What is over and published by then: the periods of the alarm and those before them that may be looked at. */
  gridAt(nowMs: number): Grid;
  /** When the next period is over and published. */
  nextMs(nowMs: number): number;
}

/**
 * A period is judged half a minute after it is over: on AWS metrics are published late, so that an alarm that looks at once
 * would find too little in the newest period. Periods begin at multiples of their length, as on AWS.
 */
export function windowsOf(definition: Definition, minuteMs: number): Windows {
  const periodMs = Math.max(1, Math.round((watchOf(definition).periodSeconds * minuteMs) / 60));
  const delayMs = Math.round(minuteMs / 2);
  const publishedMs = (nowMs: number) => Math.floor((nowMs - delayMs) / periodMs) * periodMs;
  const periods = definition.EvaluationPeriods + EXTRA_PERIODS;
  return {
    gridAt: (nowMs) => ({ startMs: publishedMs(nowMs) - periods * periodMs, periodMs, periods }),
    nextMs: (nowMs) => publishedMs(nowMs) + periodMs + delayMs,
  };
}

import { formatDuration } from '../plan/duration.ts';
import type { WindowedCondition } from '../plan/windowed.ts';
import { type Baseline, latencyOf, percentileOf, rankOf } from './baseline.ts';
import type { Sample } from './sample.ts';

/** A measure of one window; `over` says whether it is above the limit. */
export interface Measured {
  readonly over: boolean;
  readonly arithmetic: () => string;
}

/** What a condition compares with; `null` when it needs a baseline that was not measured. */
export interface Threshold {
  readonly value: number;
  /** How it came about, when the baseline had a part in it. */
  readonly derivation: string;
}

/** The limit of a condition: with a factor and a fixed one, the higher of the two. A share from 0 to 1, or milliseconds. */
export function thresholdOf(condition: WindowedCondition, baseline: Baseline | null): Threshold | null {
  const { above, timesBaseline } = condition.limit;
  const show = shownAs(condition);
  if (timesBaseline === undefined) return { value: above ?? 0, derivation: '' };
  const usual = baseline && usualOf(condition, baseline);
  if (!usual) return null;
  const times = usual.value * timesBaseline;
  const derivation = `${timesBaseline} × baseline ${show(usual.value)}${usual.note}`;
  if (above === undefined || above <= times) return { value: times, derivation: ` (${derivation})` };
  return { value: above, derivation: ` (more than ${derivation} = ${show(times)})` };
}

/** `null` while the window holds too few samples that tell anything. */
export function measureWindow(
  condition: WindowedCondition,
  window: readonly Sample[],
  threshold: Threshold,
): Measured | null {
  const telling =
    condition.kind === 'latency' ? window.filter((sample) => tells(sample, threshold.value)) : window;
  const count = telling.length;
  if (count < condition.minimumSamples) return null;
  const show = shownAs(condition);
  const compared = (found: string, over: boolean) => ({
    over,
    arithmetic: () =>
      `${found} in ${formatDuration(condition.windowMs)} ${over ? '>' : '≤'} ${show(threshold.value)}${threshold.derivation}`,
  });
  if (condition.kind === 'error-rate') {
    const failed = telling.filter(({ ok }) => !ok).length;
    const share = failed / count;
    return compared(`errorRate ${show(share)}: ${failed} of ${count} probes failed`, share > threshold.value);
  }
  const latencies = telling.map(latencyOf);
  const { percentile } = condition;
  const within = latencies.filter((latency) => latency <= threshold.value).length;
  const over = within < rankOf(percentile, count);
  return {
    over,
    arithmetic: () =>
      compared(
        `p${percentile} ${show(percentileOf(latencies, percentile))} of ${count} probes`,
        over,
      ).arithmetic(),
  };
}

/** A probe without an answer tells only that the answer would have taken longer than it waited. */
function tells(sample: Sample, limitMs: number): boolean {
  return sample.status !== null || latencyOf(sample) > limitMs;
}

/** No failure among n probes does not mean that there is none: it counts as at most one. */
function usualOf(
  condition: WindowedCondition,
  { samples, failed, latencyMs }: Baseline,
): { value: number; note: string } | null {
  if (condition.kind === 'latency') {
    return latencyMs && { value: latencyMs[`p${condition.percentile}`], note: '' };
  }
  if (samples === 0) return null;
  const note = failed === 0 ? `, 0 of ${samples} counted as 1` : '';
  return { value: Math.max(failed, 1) / samples, note };
}

function shownAs({ kind }: WindowedCondition): (value: number) => string {
  return kind === 'latency'
    ? (value) => `${Math.round(value)} ms`
    : (value) => `${Math.round(value * 1_000) / 10} %`;
}

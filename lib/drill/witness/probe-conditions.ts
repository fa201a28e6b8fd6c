import type { Condition } from '../plan/condition.ts';
import type { WindowedCondition } from '../plan/windowed.ts';
import type { Baseline } from './baseline.ts';
import { measureWindow, thresholdOf } from './over-limit.ts';
import type { Sample } from './sample.ts';

export interface ProbeFacts {
  /** In the order of their answers. */
  readonly samples: readonly Sample[];
  /** Epoch milliseconds; what failed before is not the known-bad release's doing. */
  readonly deployedAt: number;
  /** `null` when none was measured. */
  readonly baseline: Baseline | null;
}

/** The probe that completed a condition. */
export interface Match {
  readonly sample: Sample;
  readonly arithmetic: string;
}

/** The first time that a condition held since the known-bad release was deployed. */
export function firstMatch(condition: Condition, facts: ProbeFacts): Match | undefined {
  const during = facts.samples.filter((sample) => sample.at >= facts.deployedAt);
  switch (condition.kind) {
    case 'consecutive-failures':
      return firstWindow(during, condition.count, condition.count);
    case 'failures-in-window':
      return firstWindow(during, condition.failures, condition.samples);
    case 'error-rate':
    case 'latency':
      return firstOverLimit(condition, during, facts);
    case 'alarm':
    case 'deployment-failed':
    case 'tasks-failed':
    case 'pipeline-failed':
    case 'reported':
      return undefined;
    default:
      return condition satisfies never;
  }
}

/** Whether the probes from `from` to `until` filled the condition's window at least once: only then its silence says something. */
export function wasJudged(
  condition: Condition,
  samples: readonly Sample[],
  from: number,
  until: number,
): boolean {
  const seen = samples.filter(({ at }) => at >= from && at <= until).length;
  switch (condition.kind) {
    case 'consecutive-failures':
      return seen >= condition.count;
    case 'failures-in-window':
      return seen >= condition.samples;
    case 'error-rate':
    case 'latency':
      return until - from >= condition.windowMs && seen >= condition.minimumSamples;
    default:
      return false;
  }
}

/** A window counts only once it is full: it names its own minimum of samples. */
function firstWindow(samples: readonly Sample[], failures: number, size: number): Match | undefined {
  for (let end = size; end <= samples.length; end++) {
    const window = samples.slice(end - size, end);
    const failed = window.filter((sample) => !sample.ok).length;
    const sample = window.at(-1);
    if (failed >= failures && sample)
      return { sample, arithmetic: `${failed} of the last ${size} probes failed ≥ ${failures}` };
  }
  return undefined;
}

/** A window in time counts only once all of it lies behind the deployment. */
function firstOverLimit(
  condition: WindowedCondition,
  samples: readonly Sample[],
  { deployedAt, baseline }: ProbeFacts,
): Match | undefined {
  const threshold = thresholdOf(condition, baseline);
  if (!threshold) return undefined;
  let begin = 0;
  for (const [end, sample] of samples.entries()) {
    const since = sample.at - condition.windowMs;
    if (since < deployedAt) continue;
    while ((samples[begin]?.at ?? since + 1) <= since) begin += 1;
    const measured = measureWindow(condition, samples.slice(begin, end + 1), threshold);
    if (measured?.over) return { sample, arithmetic: measured.arithmetic() };
  }
  return undefined;
}

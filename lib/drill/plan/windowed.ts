import { ConditionError, within } from './condition-error.ts';
import { DurationError, formatDuration, parseDuration } from './duration.ts';

/** A measure of the probes of the last `windowMs`, of which there must be at least `minimumSamples`, is above its limit. */
export type WindowedCondition =
  | (Windowed & { readonly kind: 'error-rate' })
  | (Windowed & { readonly kind: 'latency'; readonly percentile: Percentile });

interface Windowed {
  readonly limit: Limit;
  readonly windowMs: number;
  readonly minimumSamples: number;
}

/** With both, the higher one counts. Shares from 0 to 1 for error rates, milliseconds for latencies. */
export interface Limit {
  readonly above?: number;
  readonly timesBaseline?: number;
}

export const PERCENTILES = [50, 90, 95, 99] as const;
export type Percentile = (typeof PERCENTILES)[number];

export const WINDOWED_EXAMPLES = ['errorRate > 5% for 2m', 'p99 > 2x baseline and > 250ms for 5m'] as const;

const WINDOW_MS = 60_000;
const LONGEST_WINDOW_MS = 3_600_000;
const FEWEST_SAMPLES = 10;
const MOST_SAMPLES = 10_000;
const MOST_TIMES = 1_000;

const FORM =
  /^(errorRate|p50|p90|p95|p99) > (\S+(?: baseline)?)(?: and > (\S+(?: baseline)?))?(?: for (\S+))?(?: with at least (\d{1,9}) samples)?$/;

/** `errorRate > 5% for 2m`, `p99 > 2x baseline and > 250ms for 5m with at least 100 samples`; `undefined` when it has another form. */
export function parseWindowed(text: string): WindowedCondition | undefined {
  const [, measure = '', first = '', second, length, samples] = FORM.exec(text) ?? [];
  if (measure === '') return undefined;
  const percentile = PERCENTILES.find((rank) => measure === `p${rank}`);
  const fewest = percentile === undefined ? FEWEST_SAMPLES : samplesFor(percentile);
  const common = {
    limit: limitFrom([first, ...(second === undefined ? [] : [second])], percentile !== undefined),
    windowMs: length === undefined ? WINDOW_MS : duration('the window', length, 1_000, LONGEST_WINDOW_MS),
    minimumSamples:
      samples === undefined ? fewest : within('the samples', Number(samples), fewest, MOST_SAMPLES),
  };
  return percentile === undefined
    ? { kind: 'error-rate', ...common }
    : { kind: 'latency', percentile, ...common };
}

/** The text that `parseWindowed` reads as the same condition. */
export function windowedText(condition: WindowedCondition): string {
  const { limit, windowMs, minimumSamples } = condition;
  const measure = condition.kind === 'latency' ? `p${condition.percentile}` : 'errorRate';
  const limits = [
    ...(limit.timesBaseline === undefined ? [] : [`${limit.timesBaseline}x baseline`]),
    ...(limit.above === undefined
      ? []
      : [condition.kind === 'latency' ? formatDuration(limit.above) : percent(limit.above)]),
  ];
  return `${measure} > ${limits.join(' and > ')} for ${formatDuration(windowMs)} with at least ${minimumSamples} samples`;
}

/** So many samples that the percentile leaves at least one of them above it. */
export function samplesFor(percentile: Percentile): number {
  return Math.max(FEWEST_SAMPLES, Math.ceil(100 / (100 - percentile)));
}

function limitFrom(written: readonly string[], isLatency: boolean): Limit {
  const parts = written.map((part) => onePart(part, isLatency));
  const limit: Limit = Object.assign({}, ...parts);
  if (Object.keys(limit).length === parts.length) return limit;
  throw new ConditionError(`names two limits of the same kind: ${written.join(' and ')}. Keep one of them.`);
}

function onePart(text: string, isLatency: boolean): Limit {
  const times = /^(\d{1,4}(?:\.\d{1,3})?)x baseline$/.exec(text)?.[1];
  if (times !== undefined) return { timesBaseline: within('the factor', Number(times), 1, MOST_TIMES) };
  if (isLatency) return { above: duration('the limit', text, 1, LONGEST_WINDOW_MS) };
  const share = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text)?.[1];
  if (share === undefined)
    throw new ConditionError(
      `the limit must be a share like 5% or a factor like 5x baseline; received ${shown(text)}.`,
    );
  return { above: within('the limit in percent', Number(share), 0, 99.999) / 100 };
}

function duration(what: string, text: string, leastMs: number, mostMs: number): number {
  const allowed = `${what} must be ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  try {
    const ms = parseDuration(text);
    if (ms >= leastMs && ms <= mostMs) return ms;
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
  }
  throw new ConditionError(`${allowed}; received ${shown(text)}.`);
}

function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1_000}%`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import type { Finding, Path } from './place.ts';
import { repeated } from './repeated.ts';
import { PERCENTILES, samplesFor } from './windowed.ts';

type Validation = NonNullable<NonNullable<Draft['validations']>[number]>;
type Monitoring = Extract<Validation, { kind?: 'monitoring' | undefined }>;

/** Measurements that could never be taken in their time, or that measure nothing. */
export const CONTRADICTIONS_OF_MEASURES = [contradictionsOfMonitoring] as const;

/** Until a period is whole, one more passes at most; and so much until CloudWatch has it. */
const PUBLISHED_WITHIN_MS = 60_000;
/** The witness stores its probes every ten seconds at least. */
const STORED_WITHIN_MS = 15_000;

function contradictionsOfMonitoring(draft: Draft): Finding[] {
  return (draft.validations ?? []).flatMap((validation, index) => {
    if (validation?.kind !== 'monitoring') return [];
    const path: Path = ['validations', index];
    return [
      ...measuresNothing(validation, path),
      ...sameName(validation, path),
      ...timeForPeriods(validation, path),
      ...probesEnough(validation, path, draft),
    ];
  });
}

function measuresNothing({ alarms, metrics, ...more }: Monitoring, path: Path): Finding[] {
  if (alarms?.length !== 0 || metrics?.length !== 0 || 'probes' in more) return [];
  return [{ path, message: 'measures nothing. Give alarms, metrics or probes.' }];
}

function sameName({ metrics = [] }: Monitoring, path: Path): Finding[] {
  return repeated(metrics.map((metric) => metric?.name)).map((index) => ({
    path: [...path, 'metrics', index, 'name'],
    message: `must differ from the names of the other metrics; received "${metrics[index]?.name}" again.`,
  }));
}

function timeForPeriods({ metrics = [], timeout }: Monitoring, path: Path): Finding[] {
  return metrics.flatMap((metric, index) => {
    const { period, over } = metric ?? {};
    if (period === undefined) return [];
    const place = [...path, 'metrics', index];
    const needed = 2 * period + Math.min(period, PUBLISHED_WITHIN_MS);
    const late =
      timeout !== undefined && timeout < needed
        ? [
            {
              path: [...place, 'period'],
              message: `leaves no time: until a whole period of ${formatDuration(period)} is over and published, ${formatDuration(needed)} may pass; the timeout of the validation is ${formatDuration(timeout)}. Shorten the period, or wait longer.`,
            },
          ]
        : [];
    if (over === undefined || over >= period) return late;
    const message = `must be at least one period (${formatDuration(period)}); received ${formatDuration(over)}.`;
    return [...late, { path: [...place, 'over'], message }];
  });
}

function probesEnough({ probes, timeout }: Monitoring, path: Path, { smoke, steadyState }: Draft): Finding[] {
  const percentile = PERCENTILES.find((rank) => probes?.percentile === `p${rank}`);
  if (percentile === undefined) return [];
  const needed = samplesFor(percentile);
  const place = [...path, 'probes', 'percentile'];
  const [samples, interval] = [steadyState?.minimumSamples, smoke?.interval];
  const few =
    samples !== undefined && samples < needed
      ? [
          {
            path: place,
            message: `needs ${needed} probes, and the steady state may have ${samples}. Raise steadyState.minimumSamples to ${needed}, or take a lower percentile.`,
          },
        ]
      : [];
  if (interval === undefined || timeout === undefined) return few;
  const takesMs = needed * interval + STORED_WITHIN_MS;
  if (timeout >= takesMs) return few;
  const message = `leaves no time: ${needed} probes × ${formatDuration(interval)} and ${formatDuration(STORED_WITHIN_MS)} until they are stored are ${formatDuration(takesMs)}; the timeout of the validation is ${formatDuration(timeout)}. Wait longer, or take a lower percentile.`;
  return [...few, { path: place, message }];
}

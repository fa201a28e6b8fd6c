import * as v from 'valibot';
import { baselineFrom, beforeOf } from '../../drill/journal.ts';
import { formatDuration } from '../../drill/plan/duration.ts';
import type { ValidationOf } from '../../drill/plan/plan.ts';
import { standingRestored } from '../../drill/receipt.ts';
import {
  type ComparedMetric,
  isMeasured,
  type Mean,
  type MonitoringFacts,
  monitoring,
  type Read,
} from '../../drill/validations/monitoring.ts';
import { type Baseline, baselineOf } from '../../drill/witness/baseline.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Drill } from '../../ports/drills.ts';
import type { Ports as AllPorts } from '../../ports/ports.ts';
import type { Metrics, Validator } from '../../ports/validations.ts';

type Monitoring = ValidationOf<'monitoring'>;
type Metric = Monitoring['metrics'][number];

interface Ports extends Pick<AllPorts, 'alarms' | 'series'> {
  readonly clock: Clock;
  readonly metrics: Metrics;
}

const LOOK_EVERY_MS = 2_000;
/** CloudWatch has a period only some time after it is over; nowhere is said when. */
const PUBLISHED_WITHIN_MS = 60_000;

const Measured = v.record(v.string(), v.object({ value: v.number(), periods: v.number() }));

/** Compares metrics and probes with what they were before the drill, over the whole periods since the target was restored. */
export function monitoringOf(ports: Ports): Validator<'monitoring'> {
  return {
    async before({ metrics }, _drill, signal) {
      const measured = metrics.map(async (metric) => [metric.name, await meanBefore(ports, metric, signal)]);
      return Object.fromEntries(await Promise.all(measured)) as Readonly<Record<string, Mean>>;
    },
    async judge(validation, drill, signal) {
      const deadline = ports.clock.now() + validation.timeoutMs;
      for (;;) {
        const facts = await look(ports, validation, drill, signal);
        const isOver = ports.clock.now() + LOOK_EVERY_MS >= deadline || signal.aborted;
        if (isMeasured(facts) || isOver) return monitoring(facts);
        await ports.clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}

async function meanBefore(ports: Ports, metric: Metric, signal: AbortSignal): Promise<Mean> {
  const { name, namespace, metric: what, overMs, periodMs } = metric;
  const untilMs = lastWholePeriod(metric, ports.clock.now());
  const fromMs = untilMs - Math.max(1, Math.floor(overMs / periodMs)) * periodMs;
  const mean = await meanOf(ports, metric, { fromMs, untilMs }, signal);
  if (mean) return mean;
  const asked = `${name} (${namespace} ${what}) has no data in the ${formatDuration(untilMs - fromMs)} before the drill`;
  throw new Error(
    `${asked}; at least 1 period of ${formatDuration(periodMs)} is needed. Check its dimensions, or give missing: zero`,
  );
}

async function look(
  ports: Ports,
  { name, alarms, metrics, probes }: Monitoring,
  { journal, opened }: Drill,
  signal: AbortSignal,
): Promise<MonitoringFacts> {
  const kept = v.safeParse(Measured, beforeOf(journal, name));
  const before = kept.success ? kept.output : {};
  const restored = standingRestored(journal);
  const since = restored ? Date.parse(restored.at) : null;
  const [found, compared, seen] = await Promise.all([
    attempt(() => ports.alarms.states(alarms)),
    Promise.all(
      metrics.map(async (metric): Promise<ComparedMetric> => {
        const mean = before[metric.name];
        const after = await meanAfter(ports, metric, since, signal);
        return { ...metric, before: mean ? { found: mean } : { why: 'the journal does not tell' }, after };
      }),
    ),
    probes ? usersSince(ports, opened.drillId, since) : undefined,
  ]);
  const users =
    probes && seen ? { ...toleranceOf(probes), before: baselineFrom(journal), after: seen } : null;
  return { alarms, found, metrics: compared, probes: users };
}

/** Over the whole periods that began since the target was restored. */
async function meanAfter(
  ports: Ports,
  metric: Metric,
  since: number | null,
  signal: AbortSignal,
): Promise<Read<Mean>> {
  if (since === null) return NOT_RESTORED;
  const fromMs = Math.ceil(since / metric.periodMs) * metric.periodMs;
  const untilMs = lastWholePeriod(metric, ports.clock.now());
  const why = `no data of a whole period of ${formatDuration(metric.periodMs)} yet`;
  if (untilMs <= fromMs) return { why };
  const mean = await attempt(() => meanOf(ports, metric, { fromMs, untilMs }, signal));
  if ('why' in mean) return mean;
  return mean.found ? { found: mean.found } : { why };
}

async function usersSince({ series }: Ports, drillId: string, since: number | null): Promise<Read<Baseline>> {
  if (since === null) return NOT_RESTORED;
  const read = await attempt(() => series.read(drillId));
  if ('why' in read) return read;
  return { found: baselineOf(read.found.samples.filter(({ sentAt }) => sentAt >= since)) };
}

const NOT_RESTORED = { why: 'the journal tells of no restoration' };

/** When the last period ended that is not only over, but should be published as well. */
function lastWholePeriod({ periodMs }: Metric, now: number): number {
  return Math.floor((now - Math.min(periodMs, PUBLISHED_WITHIN_MS)) / periodMs) * periodMs;
}

/** `undefined` without data, unless that counts as zero. */
async function meanOf(
  { metrics }: Ports,
  metric: Metric,
  window: { readonly fromMs: number; readonly untilMs: number },
  signal: AbortSignal,
): Promise<Mean | undefined> {
  const values = await metrics(metric, window, signal);
  const periods = (window.untilMs - window.fromMs) / metric.periodMs;
  const counted = metric.missing === 'zero' ? Math.max(periods, values.length) : values.length;
  if (counted === 0) return undefined;
  return { value: values.reduce((sum, { value }) => sum + value, 0) / counted, periods: counted };
}

function toleranceOf({ percentile, within, floorMs: floor }: NonNullable<Monitoring['probes']>) {
  return { percentile, within, floor };
}

/** What cannot be read now may be read at the next look. */
async function attempt<Value>(read: () => Promise<Value>): Promise<Read<Value>> {
  return read().then(
    (found) => ({ found }),
    (error: Error) => ({ why: `${error.name}: ${error.message}` }),
  );
}

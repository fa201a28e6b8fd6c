import type { Alarm } from '../guardrails/surroundings.ts';
import { type Percentile, samplesFor } from '../plan/windowed.ts';
import type { Judgement } from '../validation.ts';
import type { Baseline } from '../witness/baseline.ts';
import { difference, percent, plain, type Tolerance } from './difference.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

/** The mean of the values of so many whole periods. */
export interface Mean {
  readonly value: number;
  readonly periods: number;
}

/** What was found, or why nothing was. */
export type Read<Value> = { readonly found: Value } | { readonly why: string };

export interface ComparedMetric extends Tolerance {
  readonly name: string;
  readonly before: Read<Mean>;
  readonly after: Read<Mean>;
}

export interface ComparedProbes extends Omit<Tolerance, 'direction'> {
  readonly percentile: `p${Percentile}`;
  /** What users met in the steady state. */
  readonly before: Baseline | null;
  /** What they met since the target was restored. */
  readonly after: Read<Baseline>;
}

export interface MonitoringFacts {
  readonly alarms: readonly string[];
  readonly found: Read<readonly Alarm[]>;
  readonly metrics: readonly ComparedMetric[];
  /** `null` when the plan does not ask. */
  readonly probes: ComparedProbes | null;
}

/** Every alarm must be OK, and every measurement as before; what was not measured proves nothing. */
export function monitoring({ alarms, found, metrics, probes }: MonitoringFacts): Judgement {
  const parts = [
    ...(alarms.length > 0 ? [ofAlarms(alarms, found)] : []),
    ...metrics.map(ofMetric),
    ...(probes ? [ofProbes(probes)] : []),
  ];
  return verdictOf(
    together(parts),
    parts.flatMap((part) => [...part.wrong, ...part.unproven, ...part.right]),
  );
}

/** Whether more time could change nothing of what is judged: alarms become OK late, and measurements come late. */
export function isMeasured({ alarms, found, metrics, probes }: MonitoringFacts): boolean {
  const isOk = ofAlarms(alarms, found).right.length > 0;
  const isCompared = metrics.every(({ before, after }) => 'why' in before || 'found' in after);
  return isOk && isCompared && (!probes || isProbed(probes));
}

/** How many probes both times must have. */
function probesNeeded(percentile: ComparedProbes['percentile']): number {
  return samplesFor(Number(percentile.slice(1)) as Percentile);
}

function ofAlarms(names: readonly string[], read: Read<readonly Alarm[]>): Findings {
  if ('why' in read) return unproven(`the alarms cannot be read: ${read.why}`);
  const told = together(
    names.map((name) =>
      ofAlarm(
        name,
        read.found.find((one) => one.name === name),
      ),
    ),
  );
  if (told.wrong.length + told.unproven.length > 0) return told;
  return right(`${names.length} of ${names.length} alarms are OK`);
}

function ofAlarm(name: string, alarm: Alarm | undefined): Findings {
  if (!alarm) return unproven(`alarm ${name} is not there`);
  if (alarm.state === 'OK') return right(name);
  const told = `alarm ${name} is ${alarm.state}${alarm.since ? ` since ${alarm.since}` : ''}`;
  return alarm.state === 'ALARM' ? wrong(told) : unproven(told);
}

function isProbed({ before, after, percentile }: ComparedProbes): boolean {
  const needed = probesNeeded(percentile);
  return !before || before.samples < needed || ('found' in after && after.found.samples >= needed);
}

function ofMetric({ name, before, after, ...tolerance }: ComparedMetric): Findings {
  if ('why' in before) return unproven(`${name} was not measured before the drill: ${before.why}`);
  if ('why' in after) return unproven(`${name} was not measured since the target was restored: ${after.why}`);
  const { isAllowed, arithmetic } = difference(before.found.value, after.found.value, tolerance, plain);
  return isAllowed ? right(`${name} ${arithmetic}`) : wrong(`${name} ${arithmetic}`);
}

function ofProbes(probes: ComparedProbes): Findings {
  const { percentile, before, after, within, floor } = probes;
  const needed = probesNeeded(percentile);
  if (!before || before.samples < needed || !before.latencyMs) {
    const count = before?.samples ?? 0;
    return unproven(`the steady state has ${count} probes; ${percentile} needs ${needed} that were answered`);
  }
  if ('why' in after) return unproven(`the probes cannot be read: ${after.why}`);
  if (after.found.samples < needed) {
    const count = `${after.found.samples} probes since the target was restored`;
    return unproven(`${count} < ${needed} that ${percentile} needs`);
  }
  const failing = difference(
    before.failed / before.samples,
    after.found.failed / after.found.samples,
    { within, floor: 0, direction: 'above' },
    percent,
  );
  const failures = stated('failing probes', failing);
  if (!after.found.latencyMs) return together([failures, unproven('no probe was answered')]);
  const slower = difference(
    before.latencyMs[percentile],
    after.found.latencyMs[percentile],
    { within, floor, direction: 'above' },
    (ms) => `${plain(ms)} ms`,
  );
  return together([stated(percentile, slower), failures]);
}

function stated(what: string, { isAllowed, arithmetic }: ReturnType<typeof difference>): Findings {
  return isAllowed ? right(`${what} ${arithmetic}`) : wrong(`${what} ${arithmetic}`);
}

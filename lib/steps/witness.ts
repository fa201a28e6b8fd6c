import type { Alarm } from '../drill/guardrails/surroundings.ts';
import { lastHealthyOf, rollbacksOf } from '../drill/journal.ts';
import { LEASE_MS, RENEW_LEASE_EVERY_MS } from '../drill/limits.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { TargetState } from '../drill/target.ts';
import { type Sample, worthKeeping } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import { every, oneAtATime } from './pace.ts';
import { isDue } from './quiet.ts';
import { readTriggerAlarms, reportAlarms } from './report-alarms.ts';
import { reportTarget } from './report-target.ts';
import { seriesWriter } from './series-writer.ts';
import { targetContext } from './target-context.ts';
import {
  type Outside,
  READ_OUTSIDE_EVERY_MS,
  readOutside,
  UNREAD,
  watchStopConditions,
} from './watch-stop-conditions.ts';
import { heartbeat, react } from './witness-reactions.ts';

export type WitnessPorts = Pick<
  Ports,
  'alarms' | 'announcer' | 'clock' | 'journal' | 'locks' | 'probe' | 'safetySwitch' | 'series' | 'waits'
> & { readonly target: TargetFor<'observe'> };

export interface WitnessInput {
  readonly drillId: string;
  /** How long this run may watch before the next one follows, milliseconds. */
  readonly watchForMs: number;
}

/** Everything that the witness knows at one moment. */
export interface Sight {
  readonly drill: Drill;
  readonly samples: readonly Sample[];
  /** `null` until the control plane was read in this phase. */
  readonly state: TargetState | null;
  /** Triggers that this run has paged for; the journal knows those of earlier runs. */
  readonly paged: Set<string>;
}

const HEARTBEAT_EVERY_MS = 1_000;
const FLUSH_EVERY_MS = 10_000;
const FLUSH_WHEN_QUIET_EVERY_MS = 30_000;
/** A validation waits for what users meet. */
const FLUSH_WHEN_AWAITED_EVERY_MS = 2_000;
/** A quiet period may last for days, and is most of what a drill costs. */
const READ_WHEN_QUIET_EVERY_MS = 10_000;
const READ_DRILL_WHEN_QUIET_EVERY_MS = 5_000;
const READ_ALARMS_WHEN_QUIET_EVERY_MS = 30_000;
const PHASES_THAT_READ_THE_TARGET = new Set([
  'awaiting-trigger',
  'deciding',
  'rolling-back',
  'restoring',
  'stabilising',
]);

const OVER = { kind: 'over' } as const;

/** Probes what users see, about as often as the plan says, until the drill is over or this run's time is. */
export async function witness(
  ports: WitnessPorts,
  { drillId, watchForMs }: WitnessInput,
): Promise<{ kind: 'over' | 'watching' }> {
  const until = ports.clock.now() + watchForMs;
  const watch = await begin(ports, drillId);
  const fault = await watchUntil(ports, watch, until).then(
    () => undefined,
    (error: Error) => error,
  );
  if (fault?.name === 'SeriesTaken') throw fault;
  // Somebody else has taken the drill over and watches for itself, maybe on the same series.
  if (fault?.name === 'FenceRaised') return watch.flush().then(() => OVER, unlessSeriesTaken);
  await watch.flush();
  if (fault) throw fault;
  return watch.drill.phase === 'over' ? OVER : { kind: 'watching' };
}

/** What one run of the witness works on. */
interface Watch {
  drill: Drill;
  /** When it was last read, epoch milliseconds. */
  drillReadAt: number;
  state: TargetState | null;
  /** When the target was last read, epoch milliseconds. */
  readAt: number;
  outside: Outside;
  /** When they were last read, epoch milliseconds. */
  alarmsReadAt: number;
  /** The alarms of the triggers, as they were last read. */
  alarms: readonly Alarm[];
  readonly samples: Sample[];
  readonly paged: Set<string>;
  /** When samples were last written at their usual pace, epoch milliseconds. */
  flushedAt: number;
  /** Writes the samples that no chunk has yet. */
  flush(): Promise<void>;
}

async function begin({ journal, series }: WitnessPorts, drillId: string): Promise<Watch> {
  const earlier = await series.read(drillId);
  const samples = [...earlier.samples];
  return {
    drill: await journal.read(drillId),
    drillReadAt: Number.NEGATIVE_INFINITY,
    state: null,
    readAt: Number.NEGATIVE_INFINITY,
    outside: UNREAD,
    alarmsReadAt: Number.NEGATIVE_INFINITY,
    alarms: [],
    samples,
    paged: new Set(),
    flushedAt: Number.NEGATIVE_INFINITY,
    flush: seriesWriter(series, drillId, { samples, next: earlier.next }),
  };
}

/** Loops side by side, each at its own pace; when one ends, all do. */
async function watchUntil(ports: WitnessPorts, watch: Watch, until: number): Promise<void> {
  const { clock } = ports;
  const { intervalMs } = watch.drill.plan.smoke;
  const ends = new AbortController();
  const reacting = oneAtATime(() => reactTo(ports, watch));
  const loop = (everyMs: number, run: () => Promise<void>): Promise<void> =>
    every(clock, everyMs, ends.signal, run).finally(() => ends.abort());
  const probe = ports.probe(watch.drill.plan);
  await Promise.all([
    loop(intervalMs, async () => {
      const sample = await probe(ends.signal);
      // A probe that the end of this run has cut off says nothing about the target.
      if (ends.signal.aborted) return;
      watch.samples.push(worthKeeping(sample, lastHealthyOf(watch.drill.journal)?.release));
      await reacting();
    }),
    loop(intervalMs, async () => {
      await readDrill(ports, watch);
      if (watch.drill.phase === 'over' || clock.now() >= until) ends.abort();
    }),
    loop(Math.max(1_000, 4 * intervalMs), async () => {
      if (await readTarget(ports, watch)) await reacting();
    }),
    loop(READ_OUTSIDE_EVERY_MS, async () => {
      watch.outside = await readOutside(ports, watch.drill);
    }),
    loop(READ_OUTSIDE_EVERY_MS, () => readAlarms(ports, watch)),
    loop(HEARTBEAT_EVERY_MS, () => heartbeat(ports, watch.drill)),
    loop(FLUSH_EVERY_MS, () => keepSamples(ports, watch)),
    loop(FLUSH_WHEN_AWAITED_EVERY_MS, async () => {
      if (areProbesAwaited(watch.drill)) await watch.flush();
    }),
    loop(RENEW_LEASE_EVERY_MS, () => renewLease(ports, watch.drill)),
  ]);
}

async function reactTo(ports: WitnessPorts, watch: Watch): Promise<void> {
  const { drill, samples, state, paged } = watch;
  await react(ports, { drill, samples, state, paged }, watch.flush);
  await reportAlarms(ports, watch.drill, watch.alarms, 'api');
  await watchStopConditions(ports, watch.drill, samples, watch.outside);
}

async function readDrill({ journal, clock }: WitnessPorts, watch: Watch): Promise<void> {
  const now = clock.now();
  if (!isDue(watch, now, watch.drillReadAt, READ_DRILL_WHEN_QUIET_EVERY_MS)) return;
  watch.drillReadAt = now;
  const before = stageOf(watch.drill);
  watch.drill = await journal.read(watch.drill.opened.drillId);
  if (stageOf(watch.drill) !== before) watch.state = null;
}

async function keepSamples({ clock }: WitnessPorts, watch: Watch): Promise<void> {
  const now = clock.now();
  if (!isDue(watch, now, watch.flushedAt, FLUSH_WHEN_QUIET_EVERY_MS)) return;
  watch.flushedAt = now;
  await watch.flush();
}

/** Events tell of alarms too; this is for those that were lost. */
async function readAlarms(ports: WitnessPorts, watch: Watch): Promise<void> {
  const now = ports.clock.now();
  if (!isDue(watch, now, watch.alarmsReadAt, READ_ALARMS_WHEN_QUIET_EVERY_MS)) return;
  watch.alarmsReadAt = now;
  watch.alarms = await readTriggerAlarms(ports, watch.drill);
}

/** Answers whether it was time to read the target. */
async function readTarget(ports: WitnessPorts, watch: Watch): Promise<boolean> {
  const { drill } = watch;
  const now = ports.clock.now();
  if (!PHASES_THAT_READ_THE_TARGET.has(drill.phase)) return false;
  if (drill.phase === 'stabilising' && now - watch.readAt < readEveryMs(drill)) return false;
  watch.readAt = now;
  const read = await ports.target(drill.plan).observe(targetContext(drill));
  if (stageOf(drill) === stageOf(watch.drill)) watch.state = read;
  await reportTarget(ports, watch.drill, read);
  return true;
}

/** Often enough to read a short quiet period more than once. */
function readEveryMs({ plan }: Drill): number {
  return Math.min(READ_WHEN_QUIET_EVERY_MS, plan.stabiliseMs / 5);
}

/** Once the target is restored, and until the quiet period. */
function areProbesAwaited({ phase, plan, journal }: Drill): boolean {
  return (
    phase === 'restoring' &&
    plan.validations.some((validation) => validation.kind === 'monitoring' && validation.probes) &&
    standingRestored(journal) !== undefined
  );
}

/** What was read of the target is good for one phase and one rollback. */
function stageOf({ phase, journal }: Drill): string {
  return `${phase}/${rollbacksOf(journal)}`;
}

/** The witness lives as long as the drill does. A renewal that fails is followed by the next one, long before the lease runs out. */
async function renewLease({ locks }: WitnessPorts, drill: Drill): Promise<void> {
  await locks.renew(drill, LEASE_MS).catch((error: Error) => {
    if (error.name === 'FenceRaised') throw error;
  });
}

function unlessSeriesTaken(error: Error): typeof OVER {
  if (error.name !== 'SeriesTaken') throw error;
  return OVER;
}

import { rollbacksOf } from '../drill/journal.ts';
import { LEASE_MS, RENEW_LEASE_EVERY_MS } from '../drill/limits.ts';
import type { TargetState } from '../drill/target.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Drill, Ports } from '../ports.ts';
import { reportTarget } from './report-target.ts';
import { targetContext } from './target-context.ts';
import { READ_OUTSIDE_EVERY_MS, readOutside, UNREAD, watchStopConditions } from './watch-stop-conditions.ts';
import { heartbeat, react } from './witness-reactions.ts';

export type WitnessPorts = Pick<
  Ports,
  | 'alarms'
  | 'announcer'
  | 'clock'
  | 'journal'
  | 'locks'
  | 'probe'
  | 'safetySwitch'
  | 'series'
  | 'target'
  | 'waits'
>;

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
/** A quiet period may last for days. */
const READ_WHEN_QUIET_EVERY_MS = 10_000;
const PHASES_THAT_READ_THE_TARGET = new Set([
  'awaiting-trigger',
  'deciding',
  'rolling-back',
  'restoring',
  'stabilising',
]);

/** Probes what users see, about as often as the plan says, until the drill is over or this run's time is. */
export async function witness(
  ports: WitnessPorts,
  { drillId, watchForMs }: WitnessInput,
): Promise<{ kind: 'over' | 'watching' }> {
  const { clock, series } = ports;
  const earlier = await series.read(drillId);
  const samples = [...earlier.samples];
  let drill = await ports.journal.read(drillId);
  let state: TargetState | null = null;
  let outside = UNREAD;
  const paged = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  let flushed = samples.length;
  let chunk = earlier.keys.length;
  const probe = ports.probe(drill.plan);
  const { intervalMs } = drill.plan.smoke;
  const ends = new AbortController();
  const until = clock.now() + watchForMs;

  const flush = async (): Promise<void> => {
    const fresh = samples.slice(flushed);
    if (fresh.length === 0) return;
    flushed = samples.length;
    await series.write(drillId, chunk++, fresh);
  };
  const reacting = oneAtATime(async () => {
    await react(ports, { drill, samples, state, paged }, flush);
    await watchStopConditions(ports, drill, samples, outside);
  });
  const loops = [
    every(clock, intervalMs, ends.signal, async () => {
      const sample = await probe(ends.signal);
      // A probe that the end of this run has cut off says nothing about the target.
      if (ends.signal.aborted) return;
      samples.push(sample);
      await reacting();
    }),
    every(clock, intervalMs, ends.signal, async () => {
      const before = stageOf(drill);
      drill = await ports.journal.read(drillId);
      if (stageOf(drill) !== before) state = null;
      if (drill.phase === 'over' || clock.now() >= until) ends.abort();
    }),
    every(clock, HEARTBEAT_EVERY_MS, ends.signal, () => heartbeat(ports, drill)),
    every(clock, Math.max(1_000, 4 * intervalMs), ends.signal, async () => {
      if (!PHASES_THAT_READ_THE_TARGET.has(drill.phase)) return;
      if (drill.phase === 'stabilising' && clock.now() - readAt < readEveryMs(drill)) return;
      readAt = clock.now();
      const seenBy = drill;
      const read = await ports.target(drill.plan).observe(targetContext(drill));
      if (stageOf(seenBy) === stageOf(drill)) state = read;
      await reportTarget(ports, drill, read);
      await reacting();
    }),
    every(clock, READ_OUTSIDE_EVERY_MS, ends.signal, async () => {
      outside = await readOutside(ports, drill);
    }),
    every(clock, FLUSH_EVERY_MS, ends.signal, flush),
    every(clock, RENEW_LEASE_EVERY_MS, ends.signal, () => renewLease(ports, drill)),
  ];
  const ended = Promise.all(loops.map((loop) => loop.finally(() => ends.abort())));
  const fault = await ended.then(
    () => undefined,
    (error: Error) => error,
  );
  if (fault?.name === 'SeriesTaken') throw fault;
  // Somebody else has taken the drill over and watches for itself, maybe on the same series.
  if (fault?.name === 'FenceRaised') return flush().then(() => OVER, unlessSeriesTaken);
  await flush();
  if (fault) throw fault;
  return drill.phase === 'over' ? OVER : { kind: 'watching' };
}

const OVER = { kind: 'over' } as const;

/** Often enough to read a short quiet period more than once. */
function readEveryMs({ plan }: Drill): number {
  return Math.min(READ_WHEN_QUIET_EVERY_MS, plan.stabiliseMs / 5);
}

/** What was read of the target is good for one phase and one rollback. */
function stageOf({ phase, journal }: Drill): string {
  return `${phase}/${rollbacksOf(journal)}`;
}

/** Runs at a fixed pace, never two at once, until the signal; a fault ends the witness, and its silence is noticed. */
async function every(
  clock: Ports['clock'],
  intervalMs: number,
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  let next = clock.now();
  while (!signal.aborted) {
    await run();
    next = Math.max(next + intervalMs, clock.now());
    await clock.sleep(next - clock.now(), signal);
  }
}

function unlessSeriesTaken(error: Error): typeof OVER {
  if (error.name !== 'SeriesTaken') throw error;
  return OVER;
}

/** The witness lives as long as the drill does. A renewal that fails is followed by the next one, long before the lease runs out. */
async function renewLease({ locks }: WitnessPorts, drill: Drill): Promise<void> {
  await locks.renew(drill, LEASE_MS).catch((error: Error) => {
    if (error.name === 'FenceRaised') throw error;
  });
}

/** While one run is under way, further calls are answered by one more run after it. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const start = (): Promise<void> => {
    current = run().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (!current) return start();
    queued ??= current.then(() => {
      queued = undefined;
      return start();
    });
    return queued;
  };
}

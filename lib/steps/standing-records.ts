import { newTo } from '../drill/catching-up.ts';
import { emergencyOf } from '../drill/emergency.ts';
import type { Entry } from '../drill/entry.ts';
import { WAKE_AGAIN_MS } from '../drill/limits.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Clock } from '../ports/clock.ts';
import type { Drill, Journal } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { sampleAppender } from './append-samples.ts';
import { limited } from './limited.ts';
import { raiseFence } from './raise-fence.ts';

/** The longest that restoring waits for a store, and for how long it then does without it. */
const BRIEF_MS = 2_000;
const WITHOUT_MS = 10_000;
/** Entries that are handed over in one go. */
const AT_ONCE = 50;

type RecordPorts = Pick<Ports, 'clock' | 'deadline' | 'journal' | 'locks' | 'series'>;

/** The samples of whoever watches instead of the witness. */
export interface SampleKeeper {
  earlier(drillId: string): Promise<readonly Sample[]>;
  keep(drillId: string, samples: readonly Sample[]): Promise<void>;
}

/** The records of one drill that go on when the stores do not answer: a store is never what restoring waits for. */
export interface StandingRecords {
  readonly journal: Journal;
  readonly samples: SampleKeeper;
  /** As far as is known here. */
  known(): Drill;
  /** Gives the stores all that they have missed, and answers the drill as they have it now. Throws while they do not answer. */
  handOver(): Promise<Drill>;
}

/**
 * What cannot be written is carried with the deadline, so that it outlives this run. Without the fence nothing is written:
 * somebody else may hold the drill.
 */
export function standingRecords(ports: RecordPorts, found: Drill, isOwned: boolean): StandingRecords {
  const { clock, deadline, journal, locks, series } = ports;
  const { drillId } = found.opened;
  const table = briefly(clock);
  const seriesStore = briefly(clock);
  const carrier = briefly(clock);
  const appendSamples = sampleAppender(series, drillId);
  let owned = isOwned;
  let known = found;
  // What an earlier watchdog did without the stores came with the deadline, and is theirs to have.
  let unwritten: readonly Entry[] = isOwned ? [] : found.journal;
  let unsaved: readonly Sample[] = [];

  const ifOwned = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> =>
    owned ? table(ask) : undefined;
  const write = async (): Promise<void> => {
    for (
      let entries = unwritten.slice(0, AT_ONCE);
      entries.length > 0;
      entries = unwritten.slice(0, AT_ONCE)
    ) {
      await journal.append(known, entries);
      unwritten = without(unwritten, entries);
    }
  };
  const save = async (): Promise<void> => {
    const samples = unsaved;
    await appendSamples(samples);
    unsaved = unsaved.filter((sample) => !samples.includes(sample));
  };
  const carry = (): Promise<void> => deadline.arm(drillId, clock.now() + WAKE_AGAIN_MS, emergencyOf(known));

  return {
    known: () => known,
    journal: {
      ...journal,
      async read() {
        const real = await ifOwned(() => journal.read(drillId));
        if (real) known = { ...real, fence: known.fence, journal: withNew(real.journal, unwritten) };
        return known;
      },
      async append(_, entries) {
        const fresh = without(entries, known.journal);
        known = { ...known, journal: [...known.journal, ...fresh] };
        unwritten = [...unwritten, ...fresh];
        if (unwritten.length === 0) return;
        await ifOwned(write);
        if (unwritten.length > 0) await carrier(carry);
      },
      async enter(_, phase) {
        await ifOwned(() => journal.enter(drillId, phase));
      },
    },
    samples: {
      async earlier() {
        const there = await seriesStore(() => series.read(drillId));
        return [...(there?.samples ?? []), ...unsaved];
      },
      async keep(_, samples) {
        unsaved = [...unsaved, ...samples];
        await seriesStore(save);
      },
    },
    async handOver() {
      const real = await journal.read(drillId);
      const fence = owned ? known.fence : await raiseFence({ locks }, real);
      owned = true;
      unwritten = newTo(real.journal, unwritten);
      known = { ...real, fence, journal: withNew(real.journal, unwritten) };
      await write();
      await save();
      known = { ...(await journal.read(drillId)), fence };
      return known;
    },
  };
}

/** Asks a store that may be away, and after a failure leaves it alone for a while. A fence that was raised is always heard. */
function briefly(clock: Clock): <Answer>(ask: () => Promise<Answer>) => Promise<Answer | undefined> {
  let awayUntil = 0;
  return async (ask) => {
    if (clock.now() < awayUntil) return undefined;
    try {
      return await limited(clock, BRIEF_MS, ask());
    } catch (error) {
      if ((error as Error).name === 'FenceRaised') throw error;
      awayUntil = clock.now() + WITHOUT_MS;
      return undefined;
    }
  };
}

function withNew(journal: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  return [...journal, ...without(more, journal)];
}

function without(entries: readonly Entry[], known: readonly Entry[]): readonly Entry[] {
  const keys = new Set(known.map(({ key }) => key));
  return entries.filter(({ key }) => !keys.has(key));
}

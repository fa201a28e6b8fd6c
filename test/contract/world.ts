import type { Sample } from '../../lib/drill/witness/sample.ts';
import type { Journal } from '../../lib/ports/drills.ts';
import type { Locks } from '../../lib/ports/locks.ts';
import type { DrillIndex, Receipts } from '../../lib/ports/receipts.ts';
import type { StatisticsStore } from '../../lib/ports/statistics.ts';
import type { Deadline, Executions, Signal, Waits } from '../../lib/ports/waits.ts';
import type { Series, WitnessRuns } from '../../lib/ports/witness.ts';

/** The ports with state, and what is behind them as somebody else would see it. */
export interface World {
  readonly journal: Journal;
  readonly locks: Locks;
  readonly waits: Waits;
  readonly receipts: Receipts;
  readonly statistics: StatisticsStore;
  readonly drills: DrillIndex;
  readonly series: Series;
  readonly deadline: Deadline;
  readonly executions: Executions;
  readonly witness: WitnessRuns;
  readonly clock: MovableClock;
  startWait(): Promise<Waiting>;
  /** Drills whose deadline is armed, and for when. */
  deadlines(): Promise<readonly Date[]>;
  witnesses(): Promise<readonly string[]>;
  startExecution(): Promise<{ readonly arn: string; isRunning(): Promise<boolean> }>;
  /** How many receipts the archive holds. */
  archived(): Promise<number>;
  /** The series of a drill in the archive, if there is one. */
  archivedSeries(drillId: string): Promise<readonly Sample[] | undefined>;
  close(): Promise<void>;
}

export interface MovableClock {
  aheadMs: number;
  now(): number;
}

/** A state that waits for a token. */
export interface Waiting {
  readonly token: string;
  /** What it was told, once it was. */
  told(): Promise<Signal | undefined>;
  /** Ends it in another way, like its time limit. */
  end(): Promise<void>;
}

export function movableClock(): MovableClock {
  const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
  return clock;
}

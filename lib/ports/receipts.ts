import type { Outcome } from '../drill/outcome.ts';
import type { UnsealedReceipt } from '../drill/receipt.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { LastFired } from '../drill/rehearsed.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Holder } from './drills.ts';

export interface Receipts {
  /**
   * The next number of the target, the same for the same drill, recorded in its journal by the same write. Throws `FenceRaised`
   * once somebody else has taken over.
   */
  number(drill: Holder): Promise<number>;
  /** Seals at the end of the target's chain together with its statistics, exactly once per drill, closes the journal, and archives the receipt. */
  seal(drillId: string, unsealed: UnsealedReceipt): Promise<Receipt>;
  /** Puts the series of a drill into the archive, under its `seriesKey`, once. */
  archiveSeries(drillId: string, samples: readonly Sample[]): Promise<void>;
  /** Closes the journal of a drill that was never numbered, and counts it, once. */
  record(record: DrillRecord): Promise<void>;
  /** By trigger, the last sealed drill of the target in which it fired. */
  lastFired(target: string): Promise<LastFired>;
  /** The sealed receipt or the small record of a drill. */
  find(drillId: string): Promise<Receipt | DrillRecord | undefined>;
}

/** A drill in a list. */
export interface ListedDrill {
  readonly id: string;
  readonly target: string;
  /** `null` for a drill that got no number, and for one that has none yet. */
  readonly number: number | null;
  readonly startedAt: string;
  /** `null` while the journal is open. */
  readonly outcome: Outcome | null;
  readonly rehearsalTimerMs: number | null;
  readonly triggerToCallMs: number | null;
  readonly path: string | null;
}

/** The drills of each target, open ones and those that were refused, too. */
export interface DrillIndex {
  /** The newest first. */
  page(target: string, asked: PageAsked): Promise<Page<ListedDrill>>;
}

/** What is stored of the drills of a target. */
export interface DrillHistory {
  /** The sealed receipts by their number, the newest or the oldest first; those of open drills are left out. */
  receipts(target: string, from: 'newest' | 'oldest'): AsyncIterable<Receipt>;
  /** The records of drills that touched nothing, the newest first. */
  records(target: string): AsyncIterable<DrillRecord>;
  /** Every target that a drill was ever opened for. */
  targets(): Promise<readonly string[]>;
}

export interface PageAsked {
  /** At most so many; a page may have fewer, and there may still be more. */
  readonly limit: number;
  /** What the page before told as its `next`; `null` for the first one. */
  readonly after: string | null;
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next part begins; `null` at the end of the list. */
  readonly next: string | null;
}

import type { Sample } from '../drill/witness/sample.ts';

/** The user's view: one probe of the smoke URL. */
export type Probe = (signal: AbortSignal) => Promise<Sample>;

export interface WitnessRuns {
  /** Starts the witness of a drill; again, it changes nothing. */
  start(drillId: string): Promise<void>;
}

/** The witness's samples, in write-once chunks. */
export interface Series {
  /** Throws `SeriesTaken` where another writer has written that chunk. */
  write(drillId: string, chunk: number, samples: readonly Sample[]): Promise<void>;
  /** All samples in the order of their chunks, and the number of the next chunk: behind the last one, whatever is missing before. */
  read(drillId: string): Promise<{ readonly samples: readonly Sample[]; readonly next: number }>;
}

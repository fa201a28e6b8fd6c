import type { Sample } from '../drill/witness/sample.ts';

/** The user's view: one probe of the smoke URL. */
export type Probe = (signal: AbortSignal) => Promise<Sample>;

export interface WitnessRuns {
  /** Starts the witness of a drill; again, it changes nothing. */
  start(drillId: string): Promise<void>;
}

/** The witness's samples, in write-once chunks. */
export interface Series {
  write(drillId: string, chunk: number, samples: readonly Sample[]): Promise<void>;
  /** All samples in the order of their chunks, and the keys of the chunks. */
  read(drillId: string): Promise<{ samples: readonly Sample[]; keys: readonly string[] }>;
}

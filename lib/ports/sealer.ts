import type { Measured } from '../drill/measured.ts';
import type { Outcome } from '../drill/outcome.ts';
import type { Holder } from './drills.ts';

export interface Sealed {
  readonly kind: 'sealed';
  readonly outcome: Outcome;
  readonly reason: string;
  /** Whether the state machine may end as SUCCEEDED. */
  readonly whole: boolean;
  /** Told once, by whoever has sealed. */
  readonly measured?: Measured;
}

/** Seals for whoever has taken a drill over: one function writes receipts, and no other one may. */
export interface Sealer {
  /** Again, it changes nothing. Throws `FenceRaised` once somebody else has taken the drill over. */
  seal(drill: Holder): Promise<Sealed>;
  /** What whoever sealed the drill did not come to: its archive, its locks, its deadline. */
  finish(drillId: string): Promise<void>;
}

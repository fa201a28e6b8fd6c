import type { Emergency } from '../drill/emergency.ts';
import type { Entry } from '../drill/entry.ts';
import type { Holder } from './drills.ts';

/** Something that a waiting state is told; `kind` decides what comes next. */
export interface Signal {
  readonly kind: string;
  readonly reason: string;
}

/** Task-token waits whose producers stand outside the state machine. The first signal wins, in whatever order token and signal come. */
export interface Waits {
  /** Stores the token; if a signal is already there, it is sent at once. */
  open(drillId: string, wait: string, token: string): Promise<void>;
  /** Stores the signal with the entries that it stands for, then sends it. Later signals are dropped. Answers whether it was the first. */
  signal(holder: Holder, wait: string, signal: Signal, entries: readonly Entry[]): Promise<boolean>;
  /** Sends a stored signal again whose sending may have been lost. */
  resend(drillId: string, wait: string): Promise<void>;
  /** Tells the waiting state that its producers are alive. */
  heartbeat(drillId: string, wait: string): Promise<void>;
}

/** The one-time schedule that restores the target at the deadline, whatever happens. It is a store of its own besides. */
export interface Deadline {
  /** Wakes the watchdog at that time, epoch milliseconds. Armed again, it is still one, for what was said last. */
  arm(drillId: string, at: number, emergency: Emergency): Promise<void>;
  /** What it was armed with last, also when its time has passed; `undefined` once it is disarmed. */
  read(drillId: string): Promise<Emergency | undefined>;
  disarm(drillId: string): Promise<void>;
}

export interface Executions {
  /** Stops an execution that may still be running. */
  stop(executionArn: string, reason: string): Promise<void>;
}

/** Starts the functions that stand between trigger and rollback call, so that none of them starts cold. */
export interface Warmer {
  warm(drillId: string): Promise<void>;
}

import type { Fence } from '../drill/fence.ts';
import type { Holder } from './drills.ts';

export type LockAttempt =
  | { readonly kind: 'locked'; readonly fence: number }
  | ({ readonly kind: 'held' } & HeldLock);

export interface HeldLock {
  readonly by: string;
  readonly since: string;
  /** When its lease runs out, unless it is renewed. */
  readonly until: string;
  readonly fence: number;
  readonly hasExpired: boolean;
}

/** Leases on resources, with fencing numbers that only grow. */
export interface Locks {
  /** Takes a lock that nobody holds. One whose lease has run out is still held: the caller decides what becomes of it. */
  acquire(resource: string, drillId: string, leaseMs: number): Promise<LockAttempt>;
  /** Takes a lock from the drill that was seen to hold it, unless anything about it has changed since. Its fence rises. */
  takeOver(resource: string, seen: HeldLock, drillId: string, leaseMs: number): Promise<LockAttempt>;
  /** A new lease on everything that is held. Throws `FenceRaised` once somebody else has taken over. */
  renew(drill: Holder, leaseMs: number): Promise<void>;
  /** Takes all locks over within the same drill: whoever holds the old fence can record nothing more. Throws `FenceRaised`. */
  raiseFence(resources: readonly string[], drillId: string, leaseMs: number): Promise<Fence>;
  release(resource: string, drillId: string): Promise<void>;
  /** The drill that holds the resource now. */
  holder(resource: string): Promise<string | undefined>;
}

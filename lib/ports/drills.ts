import type { Entry, Opened } from '../drill/entry.ts';
import type { Fence } from '../drill/fence.ts';
import type { Plan } from '../drill/plan/plan.ts';
import type { Phase } from '../drill/states.ts';

/** The plans that were deployed with the product. */
export interface Plans {
  /** `undefined` when there is no plan of that name. */
  load(name: string): Promise<Plan | undefined>;
}

/** A running or ended drill, as its records tell it. */
export interface Drill {
  readonly opened: Opened;
  readonly plan: Plan;
  readonly journal: readonly Entry[];
  readonly phase: Phase;
  readonly abort: Abort | null;
  /** What proves that the caller still holds every lock; `null` before LockTarget. */
  readonly fence: Fence | null;
}

export interface Abort {
  readonly by: string;
  readonly reason: string;
}

export interface Journal {
  /** Opens the journal of a drill. Again with the same id, it changes nothing. */
  open(opened: Opened, plan: Plan): Promise<void>;
  /** Throws `DrillNotFound`. */
  read(drillId: string): Promise<Drill>;
  /**
   * Appends entries, all or none; those whose key is already there are left as they are. With a fence, throws
   * `FenceRaised` once somebody else has taken over.
   */
  append(drill: Holder, entries: readonly Entry[]): Promise<void>;
  /** Tells the witness what to look for. */
  enter(drillId: string, phase: Phase): Promise<void>;
  requestAbort(drillId: string, abort: Abort): Promise<void>;
  /** Ids of drills whose journal is not closed. */
  openDrills(): Promise<readonly string[]>;
}

/** Who appends: with a fence an actor, with `null` an observer. */
export interface Holder {
  readonly opened: Opened;
  readonly fence: Fence | null;
}

export interface DrillRequest {
  readonly plan: string;
  readonly knownBad?: string;
  readonly startedBy: string;
  /** The time that a schedule has started it for. */
  readonly scheduledAt?: string;
}

export interface DrillStarts {
  /**
   * Starts a drill under its id. `taken` when a drill of that id has ended, or was started for another request; again with
   * the same request while it runs, it is the same drill.
   */
  start(drillId: string, request: DrillRequest): Promise<'started' | 'taken'>;
}

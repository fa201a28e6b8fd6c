import type { Emergency } from './drill/emergency.ts';
import type { Fence } from './drill/fence.ts';
import type { Check } from './drill/guardrails/check.ts';
import type { ImageFound, ImageReference } from './drill/guardrails/images.ts';
import type { Alarm, Channel, DependencyHealth } from './drill/guardrails/surroundings.ts';
import type { TargetFacts } from './drill/guardrails/target-facts.ts';
import type { CalendarState } from './drill/guardrails/time.ts';
import type { Captured, Entry, KnownBadDeployed, Opened } from './drill/journal.ts';
import type { MigrationUndone } from './drill/migration.ts';
import type { Outcome } from './drill/outcome.ts';
import type { PathName } from './drill/path.ts';
import type {
  Cache,
  CountSource,
  Dependency,
  KnownBad,
  Plan,
  Undo,
  Validation,
  ValidationOf,
} from './drill/plan/plan.ts';
import type { SecretReference } from './drill/plan/secret.ts';
import type { UnsealedReceipt } from './drill/receipt.ts';
import type { DrillRecord } from './drill/record.ts';
import type { LastFired } from './drill/rehearsed.ts';
import type { PipelineExecution } from './drill/release.ts';
import type { SafetySwitchState } from './drill/safety-switch.ts';
import type { Receipt } from './drill/seal.ts';
import type { BadWindow } from './drill/side-effects.ts';
import type { Phase } from './drill/states.ts';
import type { PathNow } from './drill/statistics/path-change.ts';
import type { Production } from './drill/statistics/production.ts';
import type { Statistics } from './drill/statistics/statistics.ts';
import type { Steering, TargetState } from './drill/target.ts';
import type { Judgement, ValidationKind } from './drill/validation.ts';
import type { Sample } from './drill/witness/sample.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves early when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

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

export interface TargetContext {
  readonly captured: Captured;
  readonly knownBad: KnownBad;
  readonly deployed: KnownBadDeployed | null;
  /** Whether a rollback of this drill was accepted before: it may have left tasks behind, so that only new ones help. */
  readonly isAgain: boolean;
}

export interface Capture extends Recheck {
  /** `null` when a check refused. */
  readonly captured: Captured | null;
}

export interface Recheck {
  readonly checks: readonly Check[];
  /** `null` when a check refused. */
  readonly facts: TargetFacts | null;
}

export interface Deployment {
  readonly deployed: KnownBadDeployed;
  /** When the reply came; for a deployment that an earlier call had started, the control plane's own time. */
  readonly acceptedAt: string;
  readonly source: 'orchestrator' | 'api';
}

export interface RollbackAccepted {
  /** The pipeline execution that the rollback is. */
  readonly execution?: PipelineExecution;
}

/** What is drilled. One adapter per kind of target. */
export interface Target {
  /** What a drill on it locks: everything that it may touch. */
  resources(): Promise<readonly string[]>;
  /** Captures the last healthy release and checks that a drill may start and that there is a legal way back. */
  capture(knownBad: KnownBad, paths: readonly PathName[]): Promise<Capture>;
  /** Checks once more that nothing has changed since the capture. */
  recheck(captured: Captured, knownBad: KnownBad): Promise<Recheck>;
  /** Quick enough for the way from trigger to rollback call. */
  steering(context: TargetContext): Promise<Steering>;
  observe(context: TargetContext): Promise<TargetState>;
  /** The command that deploys the known-bad release, for the journal. */
  deployCommand(captured: Captured, knownBad: KnownBad): string;
  /** The known-bad deployment that the service steers to, whoever has started it; `undefined` when it steers elsewhere. */
  findKnownBad(captured: Captured, knownBad: KnownBad): Promise<Deployment | undefined>;
  /** Starts the known-bad release. Called again, it finds what an earlier call has started. */
  deployKnownBad(captured: Captured, knownBad: KnownBad, drillId: string): Promise<Deployment>;
  rollbackCommand(path: PathName, context: TargetContext): string;
  /** Resolves when the call was accepted. Throws `PathNotApplicable` when the target is in another state than was observed. */
  rollBack(path: PathName, context: TargetContext): Promise<RollbackAccepted>;
  /** Removes what was registered for the drill only. */
  tidyUp(context: TargetContext): Promise<void>;
}

/** The target of a plan, as far as a step asks it: its function brings along nothing else of it. */
export type TargetFor<Asked extends keyof Target> = (plan: Plan) => Pick<Target, Asked>;

/** One undo: the same again has its effect once. */
export interface UndoRun {
  readonly drillId: string;
  /** Which rollback of the drill it belongs to. */
  readonly round: number;
}

/** The team's own undo of a migration. */
export interface Migrations {
  /** Whether what undoes it is there and can be run. Throws when that cannot be read. */
  readiness(undo: Undo): Promise<{ readonly isReady: boolean; readonly reason: string }>;
  /** The same by hand, for people. */
  undoCommand(undo: Undo, run: UndoRun): string;
  /** Runs it to its end. Throws when it is not known whether it ran; then it may be run again. */
  undo(undo: Undo, run: UndoRun, signal: AbortSignal): Promise<Pick<MigrationUndone, 'result' | 'reason'>>;
}

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

export interface Receipts {
  /**
   * The next number of the target, the same for the same drill, recorded in its journal by the same write. Throws `FenceRaised`
   * once somebody else has taken over.
   */
  number(drill: Holder): Promise<number>;
  /** Seals at the end of the target's chain together with its statistics, exactly once per drill, closes the journal, and archives the receipt. */
  seal(drillId: string, unsealed: UnsealedReceipt): Promise<Receipt>;
  /** Closes the journal of a drill that was never numbered, and counts it, once. */
  record(record: DrillRecord): Promise<void>;
  /** By trigger, the last sealed drill of the target in which it fired. */
  lastFired(target: string): Promise<LastFired>;
  /** The sealed receipt or the small record of a drill. */
  find(drillId: string): Promise<Receipt | DrillRecord | undefined>;
}

/** The statistics of a target, as they were read. */
export interface KeptStatistics {
  readonly target: string;
  /** `null` before the first drill was sealed. */
  readonly statistics: Statistics | null;
  /** Rises with every change of the statistics; 0 before the first. */
  readonly version: number;
  readonly production: Production;
}

/** Something that happened to a target outside of drills. */
export interface ProductionEvent {
  /** The control plane's own id: the same event told twice is counted once. */
  readonly id: string;
  readonly counts: 'deployment' | 'rollback';
  readonly at: string;
  /**
   * Deployments that belong to it, and do not count on their own: not afterwards, and those that were counted with a time from
   * `at` on are taken back.
   */
  readonly settles?: readonly string[];
}

/** Statistics of targets, an item each, whatever the number of drills. Whoever seals a receipt writes them. */
export interface StatisticsStore {
  read(target: string): Promise<KeptStatistics>;
  /** Every target that has any. */
  targets(): Promise<readonly string[]>;
  /** Those of some targets, by their names in order. */
  page(asked: PageAsked): Promise<Page<KeptStatistics>>;
  /** Answers whether it was counted now, and not before. */
  count(target: string, event: ProductionEvent): Promise<boolean>;
  /** Puts other statistics in the place of those that were read. Answers whether they were still the same. */
  replace(seen: KeptStatistics, statistics: Statistics): Promise<boolean>;
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

/** What the rollback path of a deployed plan is now; `undefined` when there is no plan of that name. Throws when it cannot be read. */
export type PathReader = (plan: string) => Promise<PathNow | undefined>;

/** What is stored of the drills of a target. */
export interface DrillHistory {
  /** The sealed receipts by their number, the newest or the oldest first; those of open drills are left out. */
  receipts(target: string, from: 'newest' | 'oldest'): AsyncIterable<Receipt>;
  /** The records of drills that touched nothing, the newest first. */
  records(target: string): AsyncIterable<DrillRecord>;
  /** Every target that a drill was ever opened for. */
  targets(): Promise<readonly string[]>;
}

export interface Announcer {
  announce(plan: Plan, subject: string, message: string): Promise<void>;
}

/** Who makes the calls of this process. */
export interface Caller {
  /** As AWS tells it. */
  arn(): Promise<string>;
}

/** Starts the functions that stand between trigger and rollback call, so that none of them starts cold. */
export interface Warmer {
  warm(drillId: string): Promise<void>;
}

/** Checks of the system after the rollback, of one kind or of all. */
export interface Validator<Kind extends ValidationKind = ValidationKind> {
  /** Measures what is compared with afterwards. Throws when that cannot be measured. Answers plain JSON. */
  readonly before?: (validation: ValidationOf<Kind>, drill: Drill, signal: AbortSignal) => Promise<unknown>;
  readonly judge: (validation: ValidationOf<Kind>, drill: Drill, signal: AbortSignal) => Promise<Judgement>;
}

/** Runs a validation of the plan where it belongs, under the fence of the caller; what it finds is in the journal then. */
export interface Validations {
  run(drill: Holder, validation: Validation, phase: 'before' | 'after'): Promise<void>;
  /** Counts what the known-bad release did that cannot be undone. */
  countSideEffects(drill: Holder): Promise<void>;
}

/** The value of a secret now. Never throws: why there is none is told, and nothing of the value. */
export type Secrets = (secret: SecretReference, signal: AbortSignal) => Promise<SecretFound>;

export type SecretFound =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Counts what happened in a time, in the databases of the plan or elsewhere; throws when it cannot be counted. */
export type Counters = (
  source: CountSource,
  window: BadWindow,
  databases: Plan['databases'],
  signal: AbortSignal,
) => Promise<number>;

export interface Purging {
  /** Asked again with the same reference, it is the same purge. */
  readonly reference: string;
  /** Secrets by `secret:NAME`, as requests use them. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** What came of asking a cache to forget. `unanswered` says nothing about what the cache did. */
export type Purged =
  | { readonly kind: 'accepted'; readonly told: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unanswered'; readonly reason: string };

/** Asks a cache to forget. Never throws: what goes wrong is told. */
export type Purge<Kind extends Cache['kind'] = Cache['kind']> = (
  cache: Extract<Cache, { kind: Kind }>,
  purging: Purging,
) => Promise<Purged>;

/** By the kind of cache. */
export type Purges = { readonly [Kind in Cache['kind']]: Purge<Kind> };

/** The account-wide switch that blocks new drills and stops running ones. */
export interface SafetySwitch {
  /** Where it lies, for people. */
  readonly parameter: string;
  read(): Promise<SafetySwitchState>;
  set(state: SafetySwitchState & { readonly kind: 'on' | 'off' }): Promise<void>;
}

export interface Alarms {
  /** Those of the names that are there, in any order. */
  states(names: readonly string[]): Promise<readonly Alarm[]>;
}

/** A metric, as it is measured in periods of so many milliseconds. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly periodMs: number;
  readonly unit?: string;
}

export interface MetricValue {
  /** When its period began, epoch milliseconds. */
  readonly atMs: number;
  readonly value: number;
}

/** The values of a metric, one for each period that has data, oldest first; throws when they cannot all be told. Epoch milliseconds. */
export type Metrics = (
  query: MetricQuery,
  window: { readonly fromMs: number; readonly untilMs: number },
  signal: AbortSignal,
) => Promise<readonly MetricValue[]>;

/** The state of a change calendar now; throws when there is none of that name. */
export type Calendars = (name: string) => Promise<CalendarState>;

/** What the registry of an image says of it. */
export type Images = (image: ImageReference) => Promise<ImageFound>;

/** Where people hear of the drills of a plan. */
export type Channels = (plan: Plan) => Promise<Channel>;

/** One look at a dependent service. Never throws: what goes wrong is told. */
export type Dependencies = (dependency: Dependency) => Promise<DependencyHealth>;

export interface Ports {
  readonly clock: Clock;
  readonly plans: Plans;
  readonly journal: Journal;
  readonly locks: Locks;
  readonly waits: Waits;
  readonly target: (plan: Plan) => Target;
  readonly migrations: Migrations;
  readonly probe: (plan: Plan) => Probe;
  readonly validations: Validations;
  readonly witness: WitnessRuns;
  readonly series: Series;
  readonly deadline: Deadline;
  readonly executions: Executions;
  readonly receipts: Receipts;
  readonly statistics: StatisticsStore;
  readonly announcer: Announcer;
  readonly warmer: Warmer;
  readonly safetySwitch: SafetySwitch;
  readonly alarms: Alarms;
  readonly calendars: Calendars;
  readonly images: Images;
  readonly channels: Channels;
  readonly dependencies: Dependencies;
  /** The environments whose plans may be drilled here. */
  readonly environments: readonly string[];
}

import type { Captured, KnownBadDeployed } from '../drill/entry.ts';
import type { Check } from '../drill/guardrails/check.ts';
import type { TargetFacts } from '../drill/guardrails/target-facts.ts';
import type { MigrationUndone } from '../drill/migration.ts';
import type { PathName } from '../drill/path.ts';
import type { KnownBad, Plan, Undo } from '../drill/plan/plan.ts';
import type { PipelineExecution } from '../drill/release.ts';
import type { PathNow } from '../drill/statistics/path-change.ts';
import type { Steering, TargetState } from '../drill/target.ts';

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

/** The target of a plan, as far as a step asks it: its function brings along nothing else of it. */
export type TargetFor<Asked extends keyof Target> = (plan: Plan) => Pick<Target, Asked>;

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

/** What the rollback path of a deployed plan is now; `undefined` when there is no plan of that name. Throws when it cannot be read. */
export type PathReader = (plan: string) => Promise<PathNow | undefined>;

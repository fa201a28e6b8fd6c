import type { MarkName, ProbeSummary, SetMark } from './clock.ts';
import type { Gap } from './gap.ts';
import type { MigrationUndone } from './migration.ts';
import type { PathName, PathResult } from './path.ts';
import type { Asked } from './people/approval.ts';
import type { RevisionType } from './plan/pipeline-release.ts';
import type { LastFired } from './rehearsed.ts';
import type { PipelineExecution, Release } from './release.ts';
import type { Counted } from './side-effects.ts';
import type { StateName } from './states.ts';
import type { ObservedTrigger } from './trigger.ts';
import type { Validated } from './validation.ts';
import type { Baseline } from './witness/baseline.ts';
import type { Illusion } from './witness/illusion.ts';

/**
 * One thing that happened in a drill. `key` is unique in the drill and says what it is; an entry that is appended again
 * under its key changes nothing, so every writer may be repeated.
 */
export type Entry =
  | (Keyed & { readonly kind: 'opened' } & Opened)
  | (Keyed & {
      readonly kind: 'step';
      readonly name: StateName;
      readonly attempt: number;
      readonly enteredAt: string;
      readonly executions: number;
    })
  | (Keyed & { readonly kind: 'locked'; readonly resource: string; readonly fence: number })
  | (Keyed & {
      readonly kind: 'guardrail';
      readonly name: string;
      readonly verdict: 'passed' | 'refused';
      readonly reason: string;
    })
  | (Keyed & { readonly kind: 'captured' } & Captured)
  | (Keyed & {
      readonly kind: 'steady-state';
      readonly release: string;
      readonly baseline: Baseline;
      readonly reason: string;
    })
  | (Keyed & { readonly kind: 'refused'; readonly by: string; readonly reason: string })
  | (Keyed & { readonly kind: 'approval'; readonly verdict: 'not-required' })
  | (Keyed & { readonly kind: 'approval-asked' } & Asked)
  | (Keyed & { readonly kind: 'approval' } & Approval)
  | (Keyed & { readonly kind: 'numbered'; readonly number: number })
  /** Stands before the call that it announces. */
  | (Keyed & { readonly kind: 'call'; readonly state: string; readonly command: string; readonly at: string })
  | (Keyed & { readonly kind: 'known-bad-deployed' } & KnownBadDeployed)
  | (Keyed & { readonly kind: 'mark'; readonly mark: MarkName } & SetMark)
  | (Keyed & { readonly kind: 'trigger'; readonly won: boolean; readonly trigger: ObservedTrigger })
  | (Keyed & { readonly kind: 'trigger-paged'; readonly name: string; readonly at: string })
  | (Keyed & { readonly kind: 'undetected'; readonly reason: string })
  /** A person is asked whether to roll back, and has until then. */
  | (Keyed & {
      readonly kind: 'decision-asked';
      readonly at: string;
      readonly until: string;
      readonly reason: string;
    })
  | (Keyed & {
      readonly kind: 'decision';
      readonly verdict: 'roll-back' | 'hold';
      readonly by: string;
      readonly arn: string;
      readonly at: string;
      /** How long a hold lasts; `null` for a decision to roll back. */
      readonly until: string | null;
      readonly reason: string;
    })
  | (Keyed & {
      readonly kind: 'path';
      readonly path: PathName;
      readonly result: PathResult;
      readonly reason: string;
      readonly at: string;
      /** The pipeline execution that the rollback is. */
      readonly execution?: PipelineExecution;
    })
  | (Keyed & { readonly kind: 'migration-undone' } & MigrationUndone)
  /** Users met the known-bad release after the control plane had said that a rollback was done. */
  | (Keyed & { readonly kind: 'illusion' } & Illusion)
  | (Keyed & { readonly kind: 'restored' } & Restored)
  | (Keyed & { readonly kind: 'restored-voided'; readonly reason: string; readonly at: string })
  /** What a validation measured before the known-bad release. JSON of its own. */
  | (Keyed & {
      readonly kind: 'before';
      readonly validation: string;
      readonly found: unknown;
      readonly at: string;
    })
  | (Keyed & { readonly kind: 'validation'; readonly validated: Validated })
  | (Keyed & {
      readonly kind: 'side-effects-counted';
      readonly counts: readonly Counted[];
      readonly at: string;
    })
  | (Keyed & { readonly kind: 'all-clear'; readonly at: string; readonly reason: string })
  | (Keyed & { readonly kind: 'unstable'; readonly at: string; readonly reason: string })
  | (Keyed & { readonly kind: 'aborted'; readonly by: string; readonly reason: string; readonly at: string })
  | (Keyed & { readonly kind: 'overtaken'; readonly reason: string })
  | (Keyed & {
      readonly kind: 'fault';
      readonly state: string;
      readonly error: string;
      readonly cause: string;
    })
  | (Keyed & {
      readonly kind: 'taken-over';
      readonly by: string;
      readonly reason: string;
      readonly at: string;
    })
  | (Keyed & { readonly kind: 'not-restored'; readonly reason: string })
  | (Keyed & { readonly kind: 'paged'; readonly at: string; readonly message: string })
  | (Keyed & { readonly kind: 'gap' } & Gap)
  | (Keyed & {
      readonly kind: 'probes';
      readonly summary: ProbeSummary;
      readonly series: readonly string[];
      /** Triggers that the whole series fires, also those that nobody was left to report. */
      readonly fired?: readonly ObservedTrigger[];
      /** Triggers whose window was full at least once while the known-bad release was live. */
      readonly judged?: readonly string[];
    })
  /** By trigger, the last drill of the target before this one in which it fired. */
  | (Keyed & { readonly kind: 'rehearsed'; readonly fired: LastFired })
  | (Keyed & { readonly kind: 'closing'; readonly at: string });

export interface Keyed {
  readonly key: string;
}

export type EntryKind = Entry['kind'];

export type EntryOf<K extends EntryKind> = Extract<Entry, { kind: K }>;

/** What somebody said who was asked to approve the drill. */
export interface Approval {
  readonly verdict: 'approved' | 'refused';
  readonly by: string;
  /** The caller as AWS tells it. */
  readonly arn: string;
  readonly at: string;
  readonly digest: string;
  readonly revision: string;
  readonly reason: string;
}

export interface Opened {
  readonly drillId: string;
  readonly at: string;
  readonly plan: { readonly name: string; readonly digest: string };
  /** Names the target in lists, locks and receipts: `ecs:CLUSTER/SERVICE`. */
  readonly target: string;
  /** Which of the plan's known-bad releases. */
  readonly knownBad: string;
  readonly startedBy: string;
  readonly executionArn: string;
  /** When the schedule wanted the drill; absent when a person wanted it. */
  readonly scheduledAt?: string;
}

/** What ran before anything was touched. Its identity is added when the witness has read it. */
export interface Captured {
  readonly lastHealthy: Omit<Release, 'release'> & { readonly taskDefinition: string };
  /** The control plane's identity of what ran. */
  readonly revision: string;
  readonly tasks: number;
  /** How to get back by hand, in the plan's order of preference. */
  readonly wayBack: readonly string[];
  /** A digest of how the target is set up as far as its rollback depends on it. */
  readonly pathFingerprint?: string;
  /** Of a release that went through a pipeline. */
  readonly pipeline?: CapturedPipeline;
}

export interface CapturedPipeline {
  /** Of the pipeline's structure: a change ends every way back to earlier executions. */
  readonly version: number;
  /** The service that its stage deploys to. */
  readonly service: { readonly cluster: string; readonly service: string };
  /** The control plane's identity of what the service ran. */
  readonly serviceRevision: string;
  /** What the revisions of source actions are; those of other actions cannot be chosen when an execution is started. */
  readonly revisionTypes: Readonly<Record<string, RevisionType>>;
  /** The newest execution of all: every later one is this drill's, or somebody else's. */
  readonly newestExecution: string;
  /** The transitions into stages that the drill disables, as they were found. */
  readonly transitions: readonly { readonly stage: string; readonly enabled: boolean }[];
}

export interface KnownBadDeployed {
  readonly release: Omit<Release, 'release'>;
  /** The control plane's identity of the deployment. */
  readonly deployment: string;
  /** A task definition that was registered for this drill only. */
  readonly registered: string | null;
}

export interface Restored {
  readonly at: string;
  readonly source: 'probe' | 'api';
  readonly controlPlaneDoneAt: string;
  readonly firstGreenAt: string;
  readonly greens: number;
  readonly stableFirstSeenAt: string | null;
}

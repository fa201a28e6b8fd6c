import type { Artifact, FailureCode } from './action.ts';
import type { ActionDeclaration, PipelineDeclaration } from './declaration.ts';

/** What is kept. Times are epoch milliseconds; `order` grows with everything that begins, whatever the clock says. */

export interface PipelineRecord {
  readonly name: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** The newest version last; of older ones only some are kept. */
  readonly declarations: readonly PipelineDeclaration[];
  /** Into which stages nothing flows, or who let it flow again, by the name of the stage. */
  readonly transitions: Readonly<Record<string, TransitionRecord>>;
}

export interface TransitionRecord {
  readonly enabled: boolean;
  readonly changedBy: string;
  readonly changedMs: number;
  readonly reason?: string | undefined;
}

export type ExecutionStatus =
  | 'InProgress'
  | 'Stopping'
  | 'Stopped'
  | 'Succeeded'
  | 'Superseded'
  | 'Cancelled'
  | 'Failed';

export type TriggerType =
  | 'CreatePipeline'
  | 'StartPipelineExecution'
  | 'ManualRollback'
  | 'AutomatedRollback';

export interface ExecutionRecord {
  readonly id: string;
  readonly order: number;
  readonly pipelineName: string;
  /** Of the pipeline, when the execution started. */
  readonly version: number;
  readonly mode: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL';
  readonly type: 'STANDARD' | 'ROLLBACK';
  /** Whose inputs a rollback takes. */
  readonly targetId?: string | undefined;
  readonly status: ExecutionStatus;
  readonly statusSummary?: string | undefined;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly trigger: { readonly type: TriggerType; readonly detail: string };
  readonly stopReason?: string | undefined;
  readonly clientToken?: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** Of source actions, by their name. */
  readonly overrides: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  readonly sourceRevisions: readonly SourceRevision[];
  readonly artifacts: Readonly<Record<string, Artifact>>;
  /** What actions told, by their namespace. */
  readonly outputVariables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The stage that it stands before; absent while it is in one, and when it has ended. */
  readonly waitsFor?: string | undefined;
  readonly stages: readonly StageRun[];
}

export interface SourceRevision {
  readonly actionName: string;
  readonly artifactName?: string | undefined;
  readonly revisionId: string;
  readonly revisionSummary?: string | undefined;
  readonly revisionUrl?: string | undefined;
  readonly createdMs: number;
}

export type StageStatus = 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Failed' | 'Cancelled';

export interface StageRun {
  readonly name: string;
  readonly order: number;
  readonly status: StageStatus;
  readonly startedMs: number;
  readonly retries: Retries;
  /** Every execution of every action, those of earlier attempts too. */
  readonly actions: readonly ActionRun[];
}

export interface Retries {
  readonly automatic: number;
  readonly manual: number;
  readonly lastMs?: number | undefined;
  readonly lastTrigger?: 'AutomatedStageRetry' | 'ManualStageRetry' | undefined;
}

export type ActionStatus = 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed';

export interface ActionRun {
  readonly id: string;
  readonly order: number;
  readonly name: string;
  /** As it was when it ran. */
  readonly declaration: ActionDeclaration;
  /** Of the stage: 0, and one more with each retry. */
  readonly attempt: number;
  readonly status: ActionStatus;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly updatedBy: string;
  readonly resolvedConfiguration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly Artifact[];
  readonly outputArtifacts: readonly Artifact[];
  readonly outputVariables?: Readonly<Record<string, string>> | undefined;
  readonly externalExecutionId?: string | undefined;
  readonly externalExecutionUrl?: string | undefined;
  readonly summary?: string | undefined;
  readonly error?: { readonly code: FailureCode; readonly message: string } | undefined;
  /** Of an approval that waits for somebody. */
  readonly token?: string | undefined;
}

/** What the engine asks of an action's provider, and what the provider answers. Approvals are the engine's own. */

/** Where an artifact is kept, by the name that the pipeline has for it. */
export interface Artifact {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
}

/** One execution of one action. */
export interface ActionJob {
  /** The id of the action execution. */
  readonly id: string;
  readonly pipelineName: string;
  readonly pipelineExecutionId: string;
  readonly stageName: string;
  readonly actionName: string;
  /** As the pipeline declares it, with `#{variables.x}`, `#{namespace.key}` and `#{codepipeline.PipelineExecutionId}` resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly Artifact[];
  /** Where they are to be put. */
  readonly outputArtifacts: readonly Artifact[];
  /** What a source action takes instead of the newest revision; `null` for the newest. */
  readonly sourceRevision: { readonly type: string; readonly value: string } | null;
  /**
   * Aborts when the execution is abandoned or the sandbox ends. What the action began outside goes on, as on AWS; nobody
   * waits for the answer any more.
   */
  readonly signal: AbortSignal;
  /** Tells what the action waits for outside as soon as it is known; GetPipelineState shows it while the action runs. */
  started(external: { readonly externalExecutionId: string; readonly externalExecutionUrl?: string }): void;
}

export type FailureCode =
  | 'JobFailed'
  | 'ConfigurationError'
  | 'PermissionError'
  | 'RevisionOutOfSync'
  | 'RevisionUnavailable'
  | 'SystemUnavailable';

export type ActionResult =
  | {
      readonly status: 'Succeeded';
      readonly externalExecutionId?: string;
      readonly externalExecutionSummary?: string;
      readonly externalExecutionUrl?: string;
      readonly outputVariables?: Readonly<Record<string, string>>;
      /** Source actions only: what they found. */
      readonly revision?: {
        readonly revisionId: string;
        readonly revisionSummary?: string;
        readonly revisionUrl?: string;
      };
    }
  | {
      readonly status: 'Failed';
      readonly code: FailureCode;
      readonly message: string;
      readonly externalExecutionId?: string;
      readonly externalExecutionSummary?: string;
    };

/** Owner AWS, version 1. What `run` throws fails the action with `SystemUnavailable`. */
export interface ActionProvider {
  readonly category: string;
  readonly provider: string;
  run(job: ActionJob): Promise<ActionResult>;
}

/** A release of the target, as the control plane and the smoke probe know it. */
export interface Release {
  /** The identity that the smoke probe reads, for example a version header. */
  readonly release: string;
  /** `null` for what a pipeline was to release and the control plane has not shown. */
  readonly taskDefinition: string | null;
  /** `null` when the control plane does not tell it. */
  readonly imageDigest: string | null;
  /** Of a release that went through a pipeline. */
  readonly execution?: PipelineExecution;
}

/** One execution of a pipeline, and what makes it repeatable. */
export interface PipelineExecution {
  readonly id: string;
  readonly sourceRevisions: readonly SourceRevision[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface SourceRevision {
  /** The source action. */
  readonly action: string;
  readonly revision: string;
}

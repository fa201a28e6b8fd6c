import type { PipelineExecution } from './release.ts';

/** Where the control plane steers to, in words that every kind of target shares. */
export interface Steering {
  /** `other` is a release that this drill knows nothing about. */
  readonly desired: 'last-healthy' | 'known-bad' | 'other';
  /** Whether a deployment to that release is under way. */
  readonly isDeploying: boolean;
  readonly knownBadDeployment: KnownBadDeployment | null;
  /** One line for people: what was read. */
  readonly summary: string;
}

/** Also how far it has got. */
export interface TargetState extends Steering {
  readonly observedAt: string;
  /** Whether the newest deployment is complete. */
  readonly settled: boolean;
  /** When the newest deployment was complete; `null` while it is not. */
  readonly settledAt: string | null;
  /** Tasks of the known-bad release that are not STOPPED. */
  readonly knownBadTasksLeft: number;
  readonly lastKnownBadTaskStoppedAt: string | null;
  /** Tasks of the known-bad release that ended by themselves, or never started, and that are still told of. */
  readonly knownBadTasksFailed: readonly { readonly at: string; readonly reason: string }[];
  /** What failed of the pipeline execution that was to release the known-bad release. */
  readonly pipelineFailures: readonly PipelineFailure[];
}

export interface PipelineFailure {
  /** `null` for the execution as a whole. */
  readonly stage: string | null;
  /** `null` for the stage as a whole. */
  readonly action: string | null;
  readonly at: string;
  readonly reason: string;
}

export interface KnownBadDeployment {
  readonly id: string;
  readonly status:
    | 'under-way'
    | 'successful'
    | 'stopped'
    | 'rolling-back'
    | 'rolled-back'
    | 'rollback-failed';
  readonly statusReason: string;
  readonly startedAt: string | null;
  /** When the target itself gave the deployment up without rolling it back. */
  readonly failedAt: string | null;
  /** A rollback of this very deployment; `automatic` when the target itself decided it. */
  readonly rollback: {
    readonly startedAt: string;
    readonly reason: string;
    readonly automatic: boolean;
    /** The pipeline execution that it is. */
    readonly execution?: PipelineExecution;
  } | null;
}

export type Uniformity =
  | { readonly uniform: true; readonly since: string }
  | { readonly uniform: false; readonly reason: string };

/** Uniform: the rollback has finished and no task of the known-bad release is left that is not STOPPED. */
export function uniformity(state: TargetState): Uniformity {
  if (state.desired !== 'last-healthy')
    return notUniform(`the control plane steers towards the ${state.desired} release`);
  if (state.knownBadDeployment?.status === 'under-way')
    return notUniform('the known-bad deployment is still under way');
  if (!state.settled || state.settledAt === null) return notUniform('the newest deployment is not complete');
  if (state.knownBadTasksLeft > 0)
    return notUniform(`${state.knownBadTasksLeft} tasks of the known-bad release are left`);
  const times = [state.settledAt, state.lastKnownBadTaskStoppedAt ?? state.settledAt];
  return { uniform: true, since: times.sort().at(-1) as string };
}

function notUniform(reason: string): Uniformity {
  return { uniform: false, reason };
}

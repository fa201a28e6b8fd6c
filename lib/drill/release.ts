/** A release of the target, as the control plane and the smoke probe know it. */
export interface Release {
  /** The identity that the smoke probe reads, for example a version header. */
  readonly release: string;
  readonly taskDefinition: string;
  /** `null` when the control plane does not tell it. */
  readonly imageDigest: string | null;
}

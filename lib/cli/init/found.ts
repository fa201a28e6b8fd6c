/** What was found of a real service, as far as a plan can use it. */
export interface FoundService {
  readonly cluster: string;
  readonly service: string;
  readonly tasks: number;
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  /** The dimension of its metrics, like `targetgroup/shop/6d0ecf831eec9f09`. */
  readonly targetGroup: string | null;
  /** The ARN behind it. */
  readonly targetGroupArn: string | null;
  /** The dimension of the load balancer, where an alarm tells it. */
  readonly loadBalancer: string | null;
  /** Whether ECS goes back by itself when a deployment fails. */
  readonly rollsBackItself: boolean;
  readonly alarms: readonly FoundAlarm[];
}

export interface FoundAlarm {
  readonly name: string;
  /** As it was read: OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
}

/** What was found of a pipeline that deploys to one. */
export interface FoundPipeline {
  readonly pipeline: string;
  readonly stage: string;
  /** The stage behind it, which may test what was deployed. */
  readonly nextStage: string | null;
  /** Those behind that one. */
  readonly laterStages: readonly string[];
  readonly variables: readonly string[];
  readonly sources: readonly { readonly action: string; readonly type: string }[];
  /** What a drill would refuse, in words. */
  readonly obstacles: readonly string[];
}

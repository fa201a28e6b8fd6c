/** What the ECS control plane needs of the world: images, processes and a load balancer. */

export interface Image {
  /** `sha256:…` of what would run. */
  readonly digest: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface ImageRegistry {
  /** `undefined` when there is no such image: ECS then fails the task with `CannotPullContainerError`. */
  resolve(image: string): Image | undefined;
}

/** The value of a secret or parameter by its name or ARN, as `valueFrom` of a container names it; `undefined` when there is none. */
export type SecretValues = (valueFrom: string) => string | undefined;

export interface TaskSpecification {
  readonly taskId: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface TaskProcess {
  readonly pid: number;
  /** Resolves with the port that the process listens on; never resolves for a process that ends before. */
  readonly listening: Promise<number>;
  readonly exited: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs: number): void;
}

export interface TaskRunner {
  start(specification: TaskSpecification): TaskProcess;
}

export type TargetHealth = 'healthy' | 'unhealthy';

export interface TargetGroup {
  /** From now on the target is health-checked; it gets traffic once it is healthy. */
  register(targetId: string, port: number): void;
  /** The target gets no new requests; resolves when those under way are answered or the deregistration delay is over. */
  deregister(targetId: string): Promise<void>;
  onHealthChange(listener: (targetId: string, health: TargetHealth) => void): void;
}

export interface LoadBalancers {
  /** `undefined` when there is no target group of that ARN. */
  targetGroup(arn: string): TargetGroup | undefined;
}

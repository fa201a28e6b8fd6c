/** How quick this ECS is. The order of things is that of AWS; only the waits between them are short. */
export interface EcsPace {
  /** How long a task stays PROVISIONING. */
  readonly provisioningMs: number;
  /** How long a pull takes. */
  readonly pullMs: number;
  /** A task that is not healthy by then is a failed one. */
  readonly startTimeoutMs: number;
  /** How long a task without ports and load balancer must run to count as healthy. */
  readonly settleMs: number;
  /** From SIGTERM to SIGKILL, unless the container definition says `stopTimeout`. */
  readonly stopGraceMs: number;
  /** How long a task that ended by itself is still registered; until then only the load balancer's own checks know. */
  readonly exitUnnoticedMs: number;
  /** The longest wait for a target's deregistration. */
  readonly drainLimitMs: number;
  /** The wait after a failed task start; it doubles with each further one … */
  readonly retryDelayMs: number;
  /** … up to this. */
  readonly retryDelayLimitMs: number;
  /** How long a service deployment stays ROLLBACK_REQUESTED. */
  readonly rollbackDelayMs: number;
  /** How long all must be steady before a deployment is SUCCESSFUL. */
  readonly steadyStateMs: number;
  /** From an occurrence to its EventBridge event. */
  readonly eventDelayMs: number;
}

export const QUICK_PACE: EcsPace = {
  provisioningMs: 400,
  pullMs: 300,
  startTimeoutMs: 15_000,
  settleMs: 500,
  stopGraceMs: 5_000,
  exitUnnoticedMs: 400,
  drainLimitMs: 60_000,
  retryDelayMs: 250,
  retryDelayLimitMs: 5_000,
  rollbackDelayMs: 50,
  steadyStateMs: 2_500,
  eventDelayMs: 30,
};

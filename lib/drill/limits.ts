import type { PathName } from './path.ts';
import { longestHumanWaitMs } from './people/decision.ts';
import type { Plan } from './plan/plan.ts';

/** Longest time that a function which acts on the target may run; a call in flight lands before it is over. */
export const ACTING_TIMEOUT_MS = 15_000;

/** Missed heartbeats of the witness after which it counts as dead. */
export const WITNESS_SILENCE_MS = 30_000;

const GUARDRAILS_MS = 60_000;
/** What a state needs besides what the plan gives it. */
export const OVERHEAD_MS = 120_000;
/** A plan that asks for no approval goes on at once. */
const NO_APPROVAL_MS = 60_000;

/** Time limits of the waiting states, in whole seconds as the state machine wants them. */
export interface TimeLimits {
  readonly checkGuardrailsSeconds: number;
  readonly approveWithinSeconds: number;
  readonly detectWithinSeconds: number;
  readonly restoredWithinSeconds: number;
  readonly stabiliseSeconds: number;
  readonly witnessSilenceSeconds: number;
}

export function timeLimits(plan: Plan): TimeLimits {
  return {
    checkGuardrailsSeconds: seconds(plan.steadyState.forMs + GUARDRAILS_MS),
    approveWithinSeconds: seconds(plan.guardrails.approvals?.withinMs ?? NO_APPROVAL_MS),
    detectWithinSeconds: seconds(plan.detectWithinMs),
    restoredWithinSeconds: seconds(plan.restored.withinMs),
    stabiliseSeconds: seconds(plan.stabiliseMs + OVERHEAD_MS),
    witnessSilenceSeconds: witnessSilenceSeconds(plan),
  };
}

/** Step Functions wants a heartbeat's limit below the limit of every wait that has one. */
function witnessSilenceSeconds({ detectWithinMs, restored }: Plan): number {
  return Math.min(seconds(WITNESS_SILENCE_MS), seconds(detectWithinMs) - 1, seconds(restored.withinMs) - 1);
}

/**
 * The longest that a drill may take from the known-bad release on; then the watchdog restores whatever happens. A rollback
 * that the target starts by itself is waited for too, whether or not the plan lists it.
 */
export function drillLimitMs(plan: Plan): number {
  const validations = Math.max(0, ...plan.validations.map((validation) => validation.timeoutMs));
  const paths = new Set<PathName>(['automatic', ...plan.rollback.paths]).size;
  const undoMs = plan.migration?.withinMs ?? 0;
  const rollbacks = paths * (plan.restored.withinMs + ACTING_TIMEOUT_MS + undoMs);
  const people = longestHumanWaitMs(plan.rollback);
  return plan.detectWithinMs + people + rollbacks + validations + plan.stabiliseMs + OVERHEAD_MS;
}

/** Short, because whoever works on a drill renews it: a lease that runs out tells that the drill has died. */
export const LEASE_MS = 5 * 60_000;

export const RENEW_LEASE_EVERY_MS = 30_000;

/** How soon another watchdog looks after a drill that this one could not seal. */
export const WAKE_AGAIN_MS = 3 * 60_000;

/** How soon the next watchdog goes on with what takes longer than one may run: never at a time that has passed already. */
export const NEXT_RUN_MS = 30_000;

/** At least three greens for each task, so that every task has likely answered; a plan may ask for more. */
export function greensNeeded(plan: Plan, tasks: number): number {
  return Math.max(3, plan.restored.greens ?? 0, 3 * tasks);
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

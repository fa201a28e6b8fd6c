import type { Retrier } from './asl.ts';
import type { StateError } from './errors.ts';

/** Never matched by a wildcard; `States.Runtime` not even by its name. */
const TERMINAL = ['States.DataLimitExceeded', 'States.Runtime'];

/** Whether a retrier or catcher with these `ErrorEquals` answers to the failure. */
export function matches(error: StateError, errorEquals: readonly string[]): boolean {
  const { errorName = '', alias } = error;
  if (errorName === 'States.Runtime') return false;
  if (errorEquals.includes(errorName) || (alias !== undefined && errorEquals.includes(alias))) return true;
  if (TERMINAL.includes(errorName)) return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && errorName !== 'States.Timeout';
}

/** The wait before the attempt after `retries` earlier retries, in seconds. `random` gives [0, 1). */
export function backoffSeconds(
  retrier: Retrier,
  retries: number,
  random: () => number = Math.random,
): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** retries, MaxDelaySeconds);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

/** Counts per retrier, for one visit to one state. The first retrier that matches decides alone, even when it is used up. */
export function retryPolicy(retriers: readonly Retrier[] = []): (error: StateError) => number | undefined {
  const used = new Map<Retrier, number>();
  return (error) => {
    const retrier = retriers.find(({ ErrorEquals }) => matches(error, ErrorEquals));
    if (!retrier) return undefined;
    const retries = used.get(retrier) ?? 0;
    if (retries >= (retrier.MaxAttempts ?? 3)) return undefined;
    used.set(retrier, retries + 1);
    return backoffSeconds(retrier, retries);
  };
}

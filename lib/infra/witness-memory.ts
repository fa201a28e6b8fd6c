import { drillLimitMs } from '../drill/limits.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { FUNCTIONS } from './functions.ts';

/** The witness holds all probes of its drill: about 250 bytes each, beside 110 MB that it has in any case. */
const MOST_PROBES = 300_000;
const MORE_MB = 512;

/** Enough for the longest drill of these plans. A million probes, ten a second for a day, have room in what is more. */
export function witnessMemoryMb(plans: readonly Plan[]): number {
  return plans.some((plan) => probesOf(plan) > MOST_PROBES) ? MORE_MB : FUNCTIONS.Witness.memoryMb;
}

function probesOf(plan: Plan): number {
  return (plan.steadyState.forMs + drillLimitMs(plan)) / plan.smoke.intervalMs;
}

import { drillLimitMs } from '../drill/limits.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { FUNCTIONS, type FunctionName } from './functions.ts';

interface Room {
  /** How many probes fit into the memory that the function has in any case. */
  readonly probes: number;
  readonly moreMb: number;
}

/**
 * Those that hold all probes of a drill: the witness about 250 bytes for each, the sealer 900, beside 110 MB. A million
 * probes, ten a second for a day, have room in what is more.
 */
const HOLDERS: Partial<Record<FunctionName, Room>> = {
  Witness: { probes: 300_000, moreMb: 512 },
  SealReceipt: { probes: 300_000, moreMb: 1_536 },
};

/** Enough for the longest drill of these plans. */
export function memoryMbOf(name: FunctionName, plans: readonly Plan[]): number {
  const room = HOLDERS[name];
  const isMore = room && plans.some((plan) => probesOf(plan) > room.probes);
  return isMore ? room.moreMb : FUNCTIONS[name].memoryMb;
}

function probesOf(plan: Plan): number {
  return (plan.steadyState.forMs + drillLimitMs(plan)) / plan.smoke.intervalMs;
}

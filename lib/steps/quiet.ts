import { lastHealthyOf } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import { isGreen, type Sample } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';

/** A short quiet period is looked at this often too. */
const LEAST_LOOKS = 8;

/** Whether to do again what was last done at `lastAt`: always, but while it is quiet no more often than this. Milliseconds. */
export function isDue(
  seen: { readonly drill: Drill; readonly samples: readonly Sample[] },
  now: number,
  lastAt: number,
  whenQuietEveryMs: number,
): boolean {
  const everyMs = Math.min(whenQuietEveryMs, seen.drill.plan.stabiliseMs / LEAST_LOOKS);
  return now - lastAt >= everyMs || !isQuiet(seen, now);
}

/** Nothing has happened to the restored target, and its quiet period is not over yet. */
function isQuiet(
  { drill, samples }: { readonly drill: Drill; readonly samples: readonly Sample[] },
  now: number,
): boolean {
  const { journal, phase, plan } = drill;
  const restored = standingRestored(journal);
  if (phase !== 'stabilising' || !restored || now >= Date.parse(restored.at) + plan.stabiliseMs) return false;
  const [last, lastHealthy] = [samples.at(-1), lastHealthyOf(journal)];
  return last !== undefined && lastHealthy !== null && isGreen(last, lastHealthy.release);
}

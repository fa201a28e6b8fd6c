import type { Captured } from '../drill/entry.ts';
import { lastOf, rollbacksOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import type { TargetContext } from '../ports/target.ts';
import { knownBadOf } from './known-bad.ts';

/** What the target's adapter must know to tell the releases apart. */
export function targetContext(drill: Drill): TargetContext {
  return {
    captured: lastOf(drill.journal, 'captured') as Captured,
    knownBad: knownBadOf(drill),
    deployed: lastOf(drill.journal, 'known-bad-deployed') ?? null,
    isAgain: rollbacksOf(drill.journal) > 0,
  };
}

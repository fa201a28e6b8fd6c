import { type Captured, lastOf } from '../drill/journal.ts';
import type { Drill, TargetContext } from '../ports.ts';
import { knownBadOf } from './known-bad.ts';

/** What the target's adapter must know to tell the releases apart. */
export function targetContext({ journal }: Drill): TargetContext {
  return {
    captured: lastOf(journal, 'captured') as Captured,
    deployed: lastOf(journal, 'known-bad-deployed') ?? null,
  };
}

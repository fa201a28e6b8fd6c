import type { Entry } from '../drill/entry.ts';
import { entriesOf } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import { stability } from '../drill/witness/stability.ts';
import type { Signal } from '../ports/waits.ts';
import { knownBadIdentity } from './known-bad.ts';
import { stabiliseWait } from './stabilise.ts';
import { pageForTriggers } from './watch-for-triggers.ts';
import type { Sight, WitnessPorts } from './witness.ts';

/** Ends the quiet period, well or not; what was seen of it is stored before. */
export async function watchStability(
  ports: WitnessPorts,
  sight: Sight,
  flush: () => Promise<void>,
): Promise<void> {
  const { drill, samples } = sight;
  await pageForTriggers(ports, sight);
  const restored = standingRestored(drill.journal);
  const began = entriesOf(drill.journal, 'step').findLast((step) => step.name === 'Stabilise')?.enteredAt;
  if (!restored || !began) return;
  const seen = stability({
    samples,
    knownBad: knownBadIdentity(drill),
    restoredAt: Date.parse(restored.at),
    since: Date.parse(began),
    quietMs: drill.plan.stabiliseMs,
    now: ports.clock.now(),
  });
  // An abort ends the quiet period, but not while the known-bad release is back.
  const verdict =
    drill.abort && seen.kind !== 'bad-again'
      ? ({ kind: 'aborted', reason: drill.abort.reason, at: '' } as const)
      : seen;
  if (verdict.kind === 'watching') return;
  await flush();
  await ports.waits.signal(
    drill,
    stabiliseWait(drill),
    { kind: verdict.kind, reason: verdict.reason },
    stabilityEntries(verdict, stabiliseWait(drill)),
  );
}

export function stabilityEntries(
  { kind, reason, at }: Signal & { at: string },
  wait: string,
): readonly Entry[] {
  if (kind === 'all-clear') return [{ kind, key: `all-clear/${wait}`, at, reason }];
  if (kind === 'unstable') return [{ kind, key: `unstable/${wait}`, at, reason }];
  if (kind === 'bad-again') return [{ kind: 'restored-voided', key: `restored-voided/${wait}`, at, reason }];
  return [];
}

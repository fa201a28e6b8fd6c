import type { Entry } from '../drill/entry.ts';
import { entriesOf, lastHealthyOf, lastOf, markTime, rollbacksOf } from '../drill/journal.ts';
import { greensNeeded } from '../drill/limits.ts';
import { currentIllusion, illusionOf } from '../drill/witness/illusion.ts';
import { restoration } from '../drill/witness/restoration.ts';
import { knownBadIdentity } from './known-bad.ts';
import { observe } from './observe.ts';
import { restoredWait } from './report-target.ts';
import type { Sight, WitnessPorts } from './witness.ts';

/** Ends the wait for the restoration when users and the control plane agree. */
export async function watchForRestoration(ports: WitnessPorts, sight: Sight): Promise<void> {
  const { drill, samples, state } = sight;
  await tellIllusion(ports, sight);
  const lastHealthy = lastHealthyOf(drill.journal)?.release;
  const captured = lastOf(drill.journal, 'captured');
  const wait = restoredWait(drill);
  const key = `restored/${wait}`;
  if (!lastHealthy || !captured || drill.journal.some((entry) => entry.key === key)) return;
  const verdict = restoration({
    samples,
    state,
    lastHealthy,
    greens: greensNeeded(drill.plan, captured.tasks),
    since: rollbackBegan(drill.journal),
    deployedAt: markTime(drill.journal, 'badDeployStarted'),
  });
  if (verdict.kind === 'not-yet') return;
  const signal = { kind: 'restored', reason: `restored at ${verdict.restored.at}` };
  await ports.waits.signal(drill, wait, signal, [{ kind: 'restored', key, ...verdict.restored }]);
}

/** Once for each rollback: who still met the known-bad release, while a path may yet be judged by it. */
async function tellIllusion(ports: WitnessPorts, { drill, samples, state }: Sight): Promise<void> {
  if (currentIllusion(drill.journal)) return;
  const illusion = illusionOf(samples, state, knownBadIdentity(drill));
  const round = rollbacksOf(drill.journal);
  if (illusion)
    await observe(ports, drill, [{ kind: 'illusion', key: `illusion/${round}`, round, ...illusion }]);
}

/** Greens from before the last thing that was done to the target, or seen of it, prove nothing. */
function rollbackBegan(journal: readonly Entry[]): number {
  const path = entriesOf(journal, 'path').findLast(({ result }) => result === 'accepted');
  const times = [
    markTime(journal, 'rollbackDecided'),
    markTime(journal, 'rollbackStarted'),
    path && rollbacksOf(journal) > 1 ? Date.parse(path.at) : null,
    ...[lastOf(journal, 'restored-voided'), lastOf(journal, 'call')].map((entry) =>
      entry ? Date.parse(entry.at) : null,
    ),
  ];
  return Math.max(0, ...times.filter((time) => time !== null));
}

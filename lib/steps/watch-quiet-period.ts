import { iso } from '../drill/clock.ts';
import { fenceName } from '../drill/fence.ts';
import { lastOf, rollbacksOf, sinceVoided } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Sample } from '../drill/witness/sample.ts';
import { type Stability, stability } from '../drill/witness/stability.ts';
import type { Drill, Ports } from '../ports.ts';
import { appendSamples } from './append-samples.ts';
import { knownBadIdentity } from './known-bad.ts';
import { stabilityEntries } from './witness-reactions.ts';

type WatchPorts = Pick<Ports, 'clock' | 'journal' | 'probe' | 'series'>;

/** A function may run for 15 minutes in all; a longer quiet period is left unwatched, and the receipt says so. */
const LONGEST_WATCH_MS = 10 * 60_000;

/** Watches the quiet period when the witness cannot, by the same rules. Answers whether the known-bad release came back. */
export async function watchQuietPeriod(ports: WatchPorts, drill: Drill): Promise<'quiet' | 'bad-again'> {
  const restored = standingRestored(drill.journal);
  const watched =
    lastOf(sinceVoided(drill.journal), 'all-clear') ?? lastOf(sinceVoided(drill.journal), 'unstable');
  if (!restored || watched || drill.plan.stabiliseMs > LONGEST_WATCH_MS) return 'quiet';
  const verdict = await watch(ports, drill, Date.parse(restored.at));
  const place = `taken-over/${fenceName(drill.fence)}/${rollbacksOf(drill.journal)}`;
  await ports.journal.append(drill, stabilityEntries(verdict, place));
  return verdict.kind === 'bad-again' ? 'bad-again' : 'quiet';
}

async function watch(
  ports: WatchPorts,
  drill: Drill,
  restoredAt: number,
): Promise<Exclude<Stability, { kind: 'watching' }>> {
  const { smoke, stabiliseMs: quietMs } = drill.plan;
  const since = ports.clock.now();
  const probe = ports.probe(drill.plan);
  const samples: Sample[] = [];
  const question = { samples, knownBad: knownBadIdentity(drill), restoredAt, since, quietMs };
  for (;;) {
    samples.push(await probe(AbortSignal.timeout(smoke.timeoutMs)));
    const verdict = stability({ ...question, now: ports.clock.now() });
    if (verdict.kind !== 'watching') {
      await appendSamples(ports, drill.opened.drillId, samples);
      return verdict;
    }
    if (ports.clock.now() - since > quietMs + LONGEST_WATCH_MS) {
      return {
        kind: 'unstable',
        reason: 'no probe was answered after the quiet period',
        at: iso(ports.clock.now()),
      };
    }
    await ports.clock.sleep(smoke.intervalMs);
  }
}

import { iso } from '../drill/clock.ts';
import { fenceName } from '../drill/fence.ts';
import { lastHealthyOf, lastOf, rollbacksOf, sinceVoided } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import { longestGapMs } from '../drill/witness/gaps.ts';
import { type Sample, worthKeeping } from '../drill/witness/sample.ts';
import { type Stability, stability } from '../drill/witness/stability.ts';
import type { Drill } from '../ports/drills.ts';
import { knownBadIdentity } from './known-bad.ts';
import { checkTime } from './out-of-time.ts';
import { type RestorePorts, reread } from './restore-target.ts';
import { entered, visitsOf } from './step.ts';
import { stabilityEntries } from './watch-stability.ts';
import { look, overtaken } from './watch-until-restored.ts';

const LOOK_EVERY_MS = 10_000;
const KEEP_EVERY_MS = 60_000;
/** A quiet period that nobody watched for longer than this, or than a quarter of it, begins anew. */
const LONGEST_GAP_MS = 3 * 60_000;
/** Probes that are not answered for so long after the end of the period say that it was not quiet. */
const OVERTIME_MS = 2 * 60_000;

type Verdict = Exclude<Stability, { kind: 'watching' }>;

/** Watches the quiet period when the witness cannot, by the same rules, for as long as it takes; an abort ends it. Throws `OutOfTime`. */
export async function watchQuietPeriod(
  ports: RestorePorts,
  drill: Drill,
): Promise<'quiet' | 'bad-again' | 'overtaken'> {
  const restored = standingRestored(drill.journal);
  const standing = sinceVoided(drill.journal);
  const watched = lastOf(standing, 'all-clear') ?? lastOf(standing, 'unstable');
  if (!restored || watched) return 'quiet';
  const verdict = await watch(ports, drill, Date.parse(restored.at));
  if (verdict === 'overtaken') return verdict;
  if (verdict === 'aborted') return 'quiet';
  const place = `taken-over/${fenceName(drill.fence)}/${rollbacksOf(drill.journal)}/${verdict.at}`;
  await ports.journal.append(drill, stabilityEntries(verdict, place));
  return verdict.kind === 'bad-again' ? 'bad-again' : 'quiet';
}

async function watch(
  ports: RestorePorts,
  drill: Drill,
  restoredAt: number,
): Promise<Verdict | 'overtaken' | 'aborted'> {
  const { clock, samples: keeper } = ports;
  const { drillId } = drill.opened;
  const { smoke, stabiliseMs: quietMs } = drill.plan;
  const earlier = await keeper.earlier(drillId);
  const since = await begin(ports, drill, earlier);
  const probe = ports.probe(drill.plan);
  const lastHealthy = lastHealthyOf(drill.journal)?.release;
  const samples = earlier.filter(({ at }) => at >= since);
  const question = { samples, knownBad: knownBadIdentity(drill), restoredAt, since, quietMs };
  let kept = samples.length;
  let [keptAt, lookedAt] = [clock.now(), Number.NEGATIVE_INFINITY];
  const keep = async (): Promise<void> => {
    const fresh = samples.slice(kept);
    [kept, keptAt] = [samples.length, clock.now()];
    await keeper.keep(drillId, fresh);
  };
  try {
    for (;;) {
      checkTime(ports);
      samples.push(worthKeeping(await probe(AbortSignal.timeout(smoke.timeoutMs)), lastHealthy));
      const verdict = stability({ ...question, now: clock.now() });
      if (verdict.kind !== 'watching') return verdict;
      if (clock.now() - lookedAt >= LOOK_EVERY_MS) {
        const state = await look(ports, drill);
        lookedAt = clock.now();
        if (state?.desired === 'other') return await overtaken(ports, drill, state);
        if ((await reread(ports, drill)).abort) return 'aborted';
      }
      if (clock.now() - since > quietMs + OVERTIME_MS) return unanswered(clock.now());
      if (clock.now() - keptAt >= KEEP_EVERY_MS) await keep();
      await clock.sleep(smoke.intervalMs);
    }
  } finally {
    await keep();
  }
}

/** When the period began: it goes on where the drill, or an earlier watchdog, has left it, unless nobody watched for too long. */
async function begin(ports: RestorePorts, drill: Drill, samples: readonly Sample[]): Promise<number> {
  const now = ports.clock.now();
  const [last] = visitsOf(sinceVoided(drill.journal), 'Stabilise').slice(-1);
  const longest = Math.min(LONGEST_GAP_MS, drill.plan.stabiliseMs / 4);
  if (last && longestGapMs(samples, Date.parse(last.enteredAt), now) <= longest)
    return Date.parse(last.enteredAt);
  const visit = { enteredAt: iso(now), retries: 0 };
  const attempt = visitsOf(drill.journal, 'Stabilise').length + 1;
  await ports.journal.append(drill, [entered('Stabilise', attempt, visit)]);
  return now;
}

function unanswered(now: number): Verdict {
  return { kind: 'unstable', reason: 'no probe was answered after the quiet period', at: iso(now) };
}

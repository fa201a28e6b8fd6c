import { lastHealthyOf, lastOf, rollbacksOf } from '../../drill/journal.ts';
import type { ValidationOf } from '../../drill/plan/plan.ts';
import type { Judgement } from '../../drill/validation.ts';
import { judgePurge, type Look, runOf, type Watched } from '../../drill/validations/cache-purge.ts';
import { failed, unknown } from '../../drill/validations/trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Drill } from '../../ports/drills.ts';
import type { Purged, Purges, Purging, Secrets, Validator } from '../../ports/validations.ts';
import { shortcoming } from './expectation.ts';
import { judgedWithSecrets, type KnownSecrets } from './known-secrets.ts';
import { exchange } from './request.ts';
import { toldBy } from './smoke-probe.ts';
import { filled } from './template.ts';

interface Ports {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly purges: Purges;
}

type CachePurge = ValidationOf<'cache-purge'>;
type WatchedUrl = CachePurge['watch'][number];

const USER_AGENT = 'rollback-drill-validator/1';
const BODY_LIMIT_BYTES = 1024 * 1024;
const ANSWER_LIMIT_MS = 5_000;
const PURGE_ATTEMPTS = 3;
const PAUSE_MS = 1_000;
/** Kept of the timeout for judging. */
const RESERVE_MS = 500;

/**
 * Looks at every watched path, purges the cache, once by effect, and watches the paths, each over connections of its own, until
 * all of them have served the last healthy release often enough or their time is over.
 */
export function cachePurge(ports: Ports): Validator<'cache-purge'>['judge'] {
  return async (validation, drill, signal) => {
    const lastAt = ports.clock.now() + validation.timeoutMs - RESERVE_MS;
    const healthy = lastHealthyOf(drill.journal)?.release;
    const restored = lastOf(drill.journal, 'restored');
    if (!healthy || !restored)
      return unproven('unknown', 'which release should be served is not in the journal');
    return judgedWithSecrets(ports.secrets, validation, signal, async (secrets) => {
      const looking = { clock: ports.clock, secrets, signal, lastAt };
      const before = await lookAtAll(validation.watch, looking);
      const purging = { reference: referenceOf(drill, validation), secrets, signal };
      const purged = await purge(ports, validation, purging);
      if (purged.kind === 'refused') return unproven('failed', `the purge was refused: ${purged.reason}`);
      if (purged.kind === 'unanswered')
        return unproven('unknown', `the purge was not answered ${PURGE_ATTEMPTS} times: ${purged.reason}`);
      const purgedAt = ports.clock.now();
      const watched = await watchAll(validation, before, healthy, { ...looking, purgedAt });
      const restoredAt = Date.parse(restored.at);
      return judgePurge({
        healthy,
        greens: validation.greens,
        restoredAt,
        purgedAt,
        told: purged.told,
        watched,
      });
    });
  };
}

interface Looking {
  readonly clock: Clock;
  readonly secrets: KnownSecrets;
  readonly signal: AbortSignal;
  /** No look begins or lasts after it. */
  readonly lastAt: number;
}

function unproven(verdict: 'failed' | 'unknown', reason: string): Judgement {
  return { verdict, reason, evidence: [] };
}

/** The same for every try to judge one restoration. */
function referenceOf({ opened, journal }: Drill, { name }: CachePurge): string {
  return `${opened.drillId}/${name}/${rollbacksOf(journal)}`;
}

async function purge({ clock, purges }: Ports, { cache }: CachePurge, purging: Purging): Promise<Purged> {
  const ask = () =>
    cache.kind === 'http' ? purges.http(cache, purging) : purges['cloud-front'](cache, purging);
  let purged = await ask();
  for (let attempt = 2; purged.kind === 'unanswered' && attempt <= PURGE_ATTEMPTS; attempt++) {
    await clock.sleep(PAUSE_MS, purging.signal);
    purged = await ask();
  }
  return purged;
}

function lookAtAll(watch: readonly WatchedUrl[], looking: Looking): Promise<readonly Look[]> {
  return Promise.all(watch.map((watched) => look(watched, looking)));
}

/** All paths at once, for each has its own time until it is proven; a plan watches a few only. */
function watchAll(
  { watch, greens, intervalMs, provenWithinMs }: CachePurge,
  looks: readonly Look[],
  healthy: string,
  looking: Looking & { readonly purgedAt: number },
): Promise<readonly Watched[]> {
  const { clock, signal, purgedAt } = looking;
  const lastAt = Math.min(looking.lastAt, purgedAt + provenWithinMs);
  return Promise.all(
    watch.map(async (watched, index) => {
      const after: Look[] = [];
      while (runOf(after, healthy) < greens && clock.now() < lastAt && !signal.aborted) {
        if (after.length > 0) await clock.sleep(Math.min(intervalMs, lastAt - clock.now()), signal);
        after.push(await look(watched, looking));
      }
      const before = looks[index] ?? { at: purgedAt, release: null, trouble: unknown('was not asked') };
      return { name: watched.name, before, after };
    }),
  );
}

async function look({ url, headers, status, release }: WatchedUrl, looking: Looking): Promise<Look> {
  const { clock, secrets, signal, lastAt } = looking;
  const timeoutMs = Math.min(ANSWER_LIMIT_MS, lastAt - clock.now());
  if (timeoutMs <= 0) return { at: clock.now(), release: null, trouble: unknown('no time was left') };
  const filling = filled({ method: 'GET', url, headers }, secrets);
  if (filling.kind === 'unfillable')
    return { at: clock.now(), release: null, trouble: failed(filling.reason) };
  const request = { ...filling.request, headers: { ...filling.request.headers, 'user-agent': USER_AGENT } };
  const seen = await exchange(request, { clock, timeoutMs, bodyLimitBytes: BODY_LIMIT_BYTES, signal });
  const { at } = seen;
  if (seen.kind === 'no-answer') {
    const { reason, isOurs } = seen.failure;
    return { at, release: null, trouble: isOurs ? unknown(reason) : failed(reason) };
  }
  const problem = shortcoming(seen, { status });
  const told = toldBy(seen, release);
  return { at, release: told, trouble: problem === undefined ? null : failed(problem) };
}

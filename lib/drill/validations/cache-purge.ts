import type { Gap } from '../gap.ts';
import type { Judgement } from '../validation.ts';
import { failed, type Trouble, unknown } from './trouble.ts';

/** One answer for a watched path. Times are epoch milliseconds. */
export interface Look {
  readonly at: number;
  /** `null` when the answer did not tell it, or there was none. */
  readonly release: string | null;
  readonly trouble: Trouble | null;
}

export interface Watched {
  readonly name: string;
  readonly before: Look;
  /** What came after the purge, in that order. */
  readonly after: readonly Look[];
}

export interface PurgeSeen {
  /** The last healthy release. */
  readonly healthy: string;
  readonly greens: number;
  readonly restoredAt: number;
  /** When the purge was accepted, and what the cache said. */
  readonly purgedAt: number;
  readonly told: string;
  readonly watched: readonly Watched[];
}

interface Path extends Watched {
  readonly running: number;
  readonly stale: readonly Look[];
  readonly trouble: Trouble | null;
}

/** The purge is proven when every path has served the last healthy release `greens` times running, and that at the end. */
export function judgePurge(seen: PurgeSeen): Judgement {
  const paths = seen.watched.map((watched) => pathOf(watched, seen));
  const open = paths.filter(({ trouble }) => trouble !== null);
  const proven = paths.length - open.length;
  const count = `${proven} of ${paths.length} paths serve ${seen.healthy} ${seen.greens} times running`;
  const evidence = [`purge: ${seen.told}`, ...paths.map((path) => storyOf(path, seen))];
  if (paths.length > 0 && open.length === 0)
    return { verdict: 'passed', reason: `${count}; ${windowsOf(paths, seen)}`, evidence };
  const hasFailed = open.some(({ trouble }) => trouble?.verdict === 'failed');
  const reason = [count, ...open.map(({ name, trouble }) => `${name} ${trouble?.reason}`)].join('; ');
  return { verdict: hasFailed ? 'failed' : 'unknown', reason, evidence, gaps: gapsOf(open, seen) };
}

/** How many of the last looks saw the healthy release without a break. */
export function runOf(looks: readonly Look[], healthy: string): number {
  return looks.length - 1 - looks.findLastIndex((look) => !isHealthy(look, healthy));
}

function isHealthy({ release, trouble }: Look, healthy: string): boolean {
  return trouble === null && release === healthy;
}

function isStale({ release }: Look, healthy: string): boolean {
  return release !== null && release !== healthy;
}

function pathOf(watched: Watched, { healthy, greens, purgedAt }: PurgeSeen): Path {
  const stale = watched.after.filter((look) => isStale(look, healthy));
  const running = runOf(watched.after, healthy);
  const path = { ...watched, stale, running };
  return { ...path, trouble: running >= greens ? null : troubleOf(path, healthy, purgedAt) };
}

function troubleOf({ after, stale }: Omit<Path, 'trouble'>, healthy: string, purgedAt: number): Trouble {
  const last = after.at(-1);
  if (!last) return unknown('was not asked after the purge');
  const watchedFor = `${seconds(last.at - purgedAt)} after the purge`;
  const lastStale = stale.at(-1);
  if (lastStale) {
    const still = isStale(last, healthy) ? 'still serves' : 'now and then serves';
    return failed(`${still} ${lastStale.release} ${watchedFor} (${stale.length} of ${after.length} answers)`);
  }
  if (last.trouble) return { ...last.trouble, reason: `does not answer: ${last.trouble.reason}` };
  if (last.release === null) return unknown(`does not tell its release ${watchedFor}`);
  return unknown(`served ${healthy} ${runOf(after, healthy)} times running when the time was over`);
}

/** From the restoration to the last stale answer: how long users may have met what the cache had kept. */
function windowsOf(paths: readonly Path[], { restoredAt, healthy }: PurgeSeen): string {
  const last = paths
    .flatMap(({ before, after }) => [before, ...after])
    .filter((look) => isStale(look, healthy))
    .map(({ at }) => at);
  if (last.length === 0) return 'no stale answer was seen';
  return `the last stale answer was seen ${seconds(Math.max(...last) - restoredAt)} after restored`;
}

function storyOf(path: Path, seen: PurgeSeen): string {
  const { name, before, after, stale, running } = path;
  const found = before.release ?? before.trouble?.reason ?? 'no release';
  const kept = stale.length > 0 ? `, ${stale.length} of them from ${stale.at(-1)?.release}` : '';
  const window = windowsOf([path], seen);
  return `${name}: ${found} before the purge, ${after.length} answers after it${kept}, the last ${running} from ${seen.healthy}; ${window}`;
}

function gapsOf(open: readonly Path[], { told }: PurgeSeen): readonly Gap[] {
  return open
    .filter(({ stale }) => stale.length > 0)
    .map(({ name, trouble }) => ({
      code: 'stale-cache-after-purge',
      severity: 'serious',
      message: `The purge was accepted, but ${name} ${trouble?.reason}`,
      evidence: told,
    }));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

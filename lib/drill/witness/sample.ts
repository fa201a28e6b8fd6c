import { iso, type ProbeSummary, type Stray } from '../clock.ts';

/** One probe of the user's view. Times are epoch milliseconds. */
export interface Sample {
  readonly sentAt: number;
  /** When the response was complete, or when the probe gave up. */
  readonly at: number;
  /** Whether the answer was what the plan expects. */
  readonly ok: boolean;
  readonly status: number | null;
  /** The identity that the answer carried. */
  readonly release: string | null;
  /** The task that gave the answer, where it tells; left out of green ones. */
  readonly instance?: string;
  /** Why it was not ok. */
  readonly failure: string | null;
}

/** Green: the expected answer, from the last healthy release. */
export function isGreen(sample: Sample, lastHealthy: string): boolean {
  return sample.ok && sample.release === lastHealthy;
}

export function describe(sample: Sample): string {
  const what = sample.ok ? 'ok' : (sample.failure ?? 'failed');
  const who = sample.instance === undefined ? '' : `, task ${sample.instance}`;
  const answered = `probe sent ${iso(sample.sentAt)}, answered ${iso(sample.at)}: ${what}`;
  return `${answered}, release ${sample.release ?? 'not told'}${who}`;
}

/** Nobody asks which task gave a green answer, and there may be days of them. */
export function worthKeeping(sample: Sample, lastHealthy: string | undefined): Sample {
  if (!isGreen(sample, lastHealthy ?? sample.release ?? '')) return sample;
  const { instance: _, ...rest } = sample;
  return rest;
}

/** A chunk is one item of the table, which has at most 400 KB. */
const MOST_IN_A_CHUNK = 200;

export function inChunks(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  return Array.from({ length: Math.ceil(samples.length / MOST_IN_A_CHUNK) }, (_, chunk) =>
    samples.slice(chunk * MOST_IN_A_CHUNK, (chunk + 1) * MOST_IN_A_CHUNK),
  );
}

/** Where the whole series lies in the archive. */
export function seriesKey(drillId: string): string {
  return `series/${drillId}.jsonl`;
}

/** JSON lines, as series are stored. */
export function toLines(samples: readonly Sample[]): string {
  return samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
}

export function fromLines(lines: string): readonly Sample[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sample);
}

/** Samples in the order of their answers: two witnesses of one drill, one after the other, may overlap. */
export function inOrder(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => a.at - b.at);
}

/**
 * `since` is when the known-bad release was deployed: what failed before was not the drill's doing. `doneAt` is when the
 * control plane first said that a rollback was done. Epoch milliseconds.
 */
export function summarise(
  samples: readonly Sample[],
  knownBad: string,
  since: number | null,
  doneAt: number | null = null,
): ProbeSummary {
  const during = since === null ? [] : inOrder(samples).filter((sample) => sample.at >= since);
  const failed = during.filter((sample) => !sample.ok);
  const [first, last] = [failed[0], failed.at(-1)];
  const lastBad = during.findLast((sample) => sample.release === knownBad);
  return {
    total: during.length,
    failed: failed.length,
    firstFailedAt: first ? iso(first.at) : null,
    lastFailedAt: last ? iso(last.at) : null,
    totalWhileFailing:
      first && last ? during.filter((sample) => sample.at >= first.at && sample.at <= last.at).length : 0,
    lastKnownBadSeenAt: lastBad ? iso(lastBad.at) : null,
    longestSilenceMs: since === null ? null : longestSilenceMs(during, since),
    ...straysIn(during, knownBad, doneAt),
  };
}

const MOST_STRAYS = 10;

function straysIn(
  samples: readonly Sample[],
  knownBad: string,
  doneAt: number | null,
): { strays?: readonly Stray[] } {
  if (doneAt === null) return {};
  const late = samples.filter(({ at, release }) => release === knownBad && at > doneAt);
  const byTask = Map.groupBy(late, ({ instance }) => instance ?? null);
  const strays = [...byTask].map(([instance, answers]) => ({
    instance,
    answers: answers.length,
    lastSeenAt: iso(answers.at(-1)?.at ?? doneAt),
  }));
  return strays.length === 0
    ? {}
    : { strays: strays.toSorted((a, b) => b.answers - a.answers).slice(0, MOST_STRAYS) };
}

function longestSilenceMs(samples: readonly Sample[], since: number): number | null {
  if (samples.length === 0) return null;
  return samples.reduce(
    ({ longest, before }, { at }) => ({ longest: Math.max(longest, at - before), before: at }),
    { longest: 0, before: since },
  ).longest;
}

/*
 * Every figure of a target's statistics once more, from nothing but the JSON of its receipts and records, in the way in which
 * the definitions say it in words. Nothing of it is shared with what it checks.
 */

/** What it reads of a receipt, or of the record of a drill that touched nothing. */
interface Raw {
  readonly number: number | null;
  readonly sequence: number;
  readonly outcome: string;
  readonly startedBy: string;
  readonly approvals: readonly { readonly by: string }[];
  readonly people: readonly { readonly by: string; readonly did: string }[];
  readonly marks: Readonly<Record<string, { readonly at: string | null }>>;
  readonly steps: readonly { readonly name: string; readonly startedAt: string; readonly endedAt: string }[];
  readonly gaps: readonly { readonly severity: string }[];
  readonly figures: Readonly<Record<string, number | null>>;
}

export type Recomputed = ReturnType<typeof recomputed>;

const DAY_MS = 86_400_000;
const COUNTED = ['passed', 'rescued', 'failed', 'inconclusive', 'not-restored'];
const OUTCOMES = [...COUNTED, 'refused', 'aborted', 'compromised'];

/** Of the JSON documents of all drills of one target, in any order; durations in milliseconds, `asOf` in epoch milliseconds. */
export function recomputed(documents: readonly string[], asOf: number) {
  const drills = documents.map((document) => JSON.parse(document) as Raw);
  const receipts = drills.filter(({ number }) => number !== null).toSorted((a, b) => a.sequence - b.sequence);
  const counted = receipts.filter(isCounted);
  const recent = receipts.slice(-20);
  const streak = receipts.toReversed().findIndex((receipt) => !isClean(receipt));
  const cleanInARow = streak === -1 ? receipts.length : streak;
  const pass = lastPass(receipts);
  const daysAgo = pass === null ? null : (asOf - Date.parse(pass.at)) / DAY_MS;
  return {
    rollbackSpeed: percentiles(figure(counted, 'rollbackSpeedMs')),
    rehearsalTimer: percentiles(figure(counted, 'rehearsalTimerMs')),
    timeToDetect: percentiles(figure(counted, 'timeToDetectMs')),
    successRate: counted.length === 0 ? null : places(passedIn(counted) / counted.length, 4),
    completeness: completeness(figure(counted, 'completeness')),
    drills: receipts.length,
    outcomes: Object.fromEntries(
      OUTCOMES.map((name) => [name, drills.filter(({ outcome }) => outcome === name).length]),
    ),
    dominantStep: dominantStep(counted),
    trend: trend(figure(recent.filter(isCounted), 'rollbackSpeedMs')),
    regression: regression(figure(recent.filter(isCounted), 'rollbackSpeedMs')),
    graduated: cleanInARow >= 3,
    cleanInARow,
    lastPass: pass,
    daysSinceLastPass: daysAgo === null || daysAgo < 0 ? null : Math.floor(daysAgo),
    readiness: readiness(recent.filter(isCounted), daysAgo),
    distinctOperators: new Set(receipts.flatMap(operators)).size,
    recent: recent.map((receipt) => ({
      number: receipt.number,
      startedAt: receipt.marks.drillStarted?.at ?? null,
      outcome: receipt.outcome,
      rollbackSpeedMs: receipt.figures.rollbackSpeedMs,
      rehearsalTimerMs: receipt.figures.rehearsalTimerMs,
      completeness: receipt.figures.completeness,
      isClean: isClean(receipt),
    })),
  };
}

function isCounted({ outcome }: Raw): boolean {
  return COUNTED.includes(outcome);
}

function figure(receipts: readonly Raw[], name: string): readonly number[] {
  return receipts.flatMap(({ figures }) => figures[name] ?? []);
}

function percentiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? null;
  return { p50: rank(50), p95: rank(95), max: sorted.at(-1) ?? null, n: sorted.length };
}

function passedIn(receipts: readonly Raw[]): number {
  return receipts.filter(({ outcome }) => outcome === 'passed').length;
}

function completeness(shares: readonly number[]) {
  const tenThousandths = shares.reduce((sum, share) => sum + Math.round(10_000 * share), 0);
  const mean = shares.length === 0 ? null : places(tenThousandths / (10_000 * shares.length), 4);
  return { mean, last: shares.at(-1) ?? null, n: shares.length };
}

function dominantStep(counted: readonly Raw[]): { name: string; share: number } | null {
  const spent = new Map<string, number>();
  let timers = 0;
  for (const { marks, steps } of counted) {
    const [from, to] = [epochMs(marks.triggerObserved?.at), epochMs(marks.restored?.at)];
    if (from === null || to === null || to <= from) continue;
    timers += to - from;
    for (const { name, startedAt, endedAt } of steps) {
      const within = Math.min(Date.parse(endedAt), to) - Math.max(Date.parse(startedAt), from);
      if (within > 0) spent.set(name, (spent.get(name) ?? 0) + within);
    }
  }
  const [largest] = [...spent].toSorted(([, a], [, b]) => b - a);
  return largest ? { name: largest[0], share: places(largest[1] / timers, 4) } : null;
}

function trend(speeds: readonly number[]) {
  const [newest, before] = [speeds.slice(-5), speeds.slice(-10, -5)];
  if (before.length < 3) return null;
  const [recentMedianMs, beforeMedianMs] = [middle(newest), middle(before)];
  const change = places((recentMedianMs - beforeMedianMs) / beforeMedianMs, 4);
  const direction = change > 0.1 ? 'slower' : change < -0.1 ? 'faster' : 'steady';
  return { direction, recentMedianMs, beforeMedianMs, change, n: newest.length + before.length };
}

function regression(speeds: readonly number[]) {
  const [speedMs = 0, before] = [speeds.at(-1), speeds.slice(0, -1).slice(-8)];
  if (before.length < 3) return null;
  const medianMs = middle(before);
  const change = places((speedMs - medianMs) / medianMs, 4);
  return { regressed: change > 0.2, speedMs, medianMs, change, n: before.length };
}

function readiness(counted: readonly Raw[], daysAgo: number | null): number | null {
  const [newest, last] = [counted.at(-1), counted.slice(-5)];
  if (!newest || (daysAgo !== null && daysAgo < 0)) return null;
  if (daysAgo === null) return 0;
  const share = places(passedIn(last) / last.length, 4);
  return places(100 * (newest.figures.completeness ?? 0) * share * 0.5 ** (daysAgo / 90), 1);
}

function isClean({ outcome, figures, gaps }: Raw): boolean {
  const timerMs = figures.rehearsalTimerMs ?? null;
  const isQuick = timerMs !== null && timerMs < 5 * 60_000;
  return outcome === 'passed' && isQuick && !gaps.some(({ severity }) => severity !== 'notice');
}

function lastPass(receipts: readonly Raw[]): { number: number | null; at: string } | null {
  const passes = receipts
    .filter(({ outcome }) => outcome === 'passed')
    .map(({ number, marks }) => ({ number, at: marks.restored?.at ?? marks.drillStarted?.at ?? '' }));
  return passes.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
}

/** A schedule is nobody, and who only tried has no part. */
function operators({ startedBy, approvals, people }: Raw): readonly string[] {
  const started = /^(user|sso|role)\/./.test(startedBy) ? [startedBy] : [];
  const active = people.filter(({ did }) => did !== 'tried to approve');
  return [...started, ...[...approvals, ...active].map(({ by }) => by)];
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

function epochMs(at: string | null | undefined): number | null {
  return typeof at === 'string' ? Date.parse(at) : null;
}

function places(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

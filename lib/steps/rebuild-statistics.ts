import { canonicalJson } from '../drill/digest.ts';
import type { Receipt } from '../drill/seal.ts';
import { noStatistics, type Statistics, statisticsAfter } from '../drill/statistics/statistics.ts';
import { type Difference, verify } from '../drill/verify.ts';
import type { DrillHistory } from '../ports/receipts.ts';
import type { StatisticsStore } from '../ports/statistics.ts';

export interface RebuildPorts {
  readonly statistics: StatisticsStore;
  readonly history: DrillHistory;
}

export type Rebuilt = {
  readonly target: string;
  readonly stored: Statistics | null;
  readonly recomputed: Statistics;
} & (
  | { readonly kind: 'agreed' | 'repaired' | 'would-repair' | 'changing' }
  /** Statistics of receipts that were altered, or are not there, prove nothing: they are left as they are. */
  | { readonly kind: 'not-proven'; readonly findings: readonly Difference[] }
);

/** Drills that are sealed while their statistics are computed make it begin anew. */
const ATTEMPTS = 3;

/** Computes the statistics of a target again from all its receipts and records, and puts right what differs. */
export async function rebuildStatistics(
  ports: RebuildPorts,
  target: string,
  { repair }: { readonly repair: 'repair' | 'only-tell' },
): Promise<Rebuilt> {
  for (let attempt = 1; ; attempt++) {
    const seen = await ports.statistics.read(target);
    const { recomputed, findings: differences } = await recompute(ports.history, target);
    const findings = [...differences, ...missingAtTheEnd(seen.statistics, recomputed)];
    const compared = { target, stored: seen.statistics, recomputed };
    if (findings.length > 0) return { ...compared, kind: 'not-proven', findings };
    if (same(seen.statistics ?? noStatistics(target), recomputed)) return { ...compared, kind: 'agreed' };
    if (repair === 'only-tell') return { ...compared, kind: 'would-repair' };
    if (await ports.statistics.replace(seen, recomputed)) return { ...compared, kind: 'repaired' };
    if (attempt === ATTEMPTS) return { ...compared, kind: 'changing' };
  }
}

function same(stored: Statistics, recomputed: Statistics): boolean {
  return canonicalJson(stored) === canonicalJson(recomputed);
}

const MOST_FINDINGS = 50;

interface Recomputed {
  readonly recomputed: Statistics;
  readonly findings: readonly Difference[];
}

/** One receipt after the other, in the order of the chain: nothing is held but those that came before their turn. */
async function recompute(history: DrillHistory, target: string): Promise<Recomputed> {
  const findings: Difference[] = [];
  let recomputed = noStatistics(target);
  let previous: Receipt | undefined;
  for await (const receipt of inSequence(history.receipts(target, 'oldest'))) {
    if (findings.length < MOST_FINDINGS) findings.push(...differencesOf(previous, receipt).filter(isAltered));
    recomputed = statisticsAfter(recomputed, receipt);
    previous = receipt;
  }
  for await (const record of history.records(target)) recomputed = statisticsAfter(recomputed, record);
  return { recomputed, findings };
}

/** Numbers are given when drills begin, and sequences when they end: a drill that was recovered late comes later. */
async function* inSequence(receipts: AsyncIterable<Receipt>): AsyncGenerator<Receipt> {
  const waiting = new Map<number, Receipt>();
  let next = 1;
  for await (const receipt of receipts) {
    waiting.set(receipt.sequence, receipt);
    for (let due = waiting.get(next); due; due = waiting.get(next)) {
      yield due;
      waiting.delete(next);
      next += 1;
    }
  }
  yield* [...waiting.values()].toSorted((a, b) => a.sequence - b.sequence);
}

/** Marks out of their order are odd, and may be what happened: clocks differ. They prove no alteration. */
function isAltered({ part }: Difference): boolean {
  return part !== 'marks';
}

/** Between a receipt and the one before it, too; what is said of the one before was said already. */
function differencesOf(previous: Receipt | undefined, receipt: Receipt): readonly Difference[] {
  const name = nameOf(receipt);
  if (previous) return verify([previous, receipt]).filter((difference) => difference.receipt === name);
  if (receipt.sequence === 1) return verify([receipt]);
  const message = `sequence ${receipt.sequence} is the first that is there: ${receipt.sequence - 1} receipts before it are missing`;
  return [...verify([receipt]), { receipt: name, part: 'sequence', message }];
}

/** The end of a chain proves nothing of what may have come after it; what was counted does. */
function missingAtTheEnd(stored: Statistics | null, found: Statistics): readonly Difference[] {
  if (stored === null || stored.lastSequence <= found.lastSequence) return [];
  const message = `sequence ${found.lastSequence} is the last that is there, ${stored.lastSequence} was counted: ${stored.lastSequence - found.lastSequence} receipts are missing`;
  return [{ receipt: found.target, part: 'sequence', message }];
}

function nameOf({ target, number }: Receipt): string {
  return `${target}#${String(number).padStart(3, '0')}`;
}

import type { DrillRecord } from '../../drill/record.ts';
import type { Receipt } from '../../drill/seal.ts';
import { type Answer, answerFrom, type Window } from '../../drill/statistics/answer.ts';
import { unknown } from '../../drill/statistics/course.ts';
import { type PathChange, pathChange } from '../../drill/statistics/path-change.ts';
import { noStatistics, type Statistics, statisticsOfAll } from '../../drill/statistics/statistics.ts';
import type { DrillHistory } from '../../ports/receipts.ts';
import type { KeptStatistics, StatisticsStore } from '../../ports/statistics.ts';
import type { PathReader } from '../../ports/target.ts';

export interface AnswerPorts {
  readonly statistics: Pick<StatisticsStore, 'read'>;
  readonly pathNow: PathReader;
}

export interface WindowPorts extends AnswerPorts {
  readonly history: DrillHistory;
}

/** A window is computed from its receipts: it holds at most so many drills. */
export const MOST_DRILLS_IN_WINDOW = 1_000;

export interface Question {
  readonly target: string;
  /** Epoch milliseconds: what depends on today is told of this day. */
  readonly asOf: number;
}

/** Everything that is known of a target, from one item; `undefined` when nothing ever happened to it. */
export async function statisticsOf(
  { statistics, pathNow }: AnswerPorts,
  { target, asOf }: Question,
): Promise<Answer | undefined> {
  const kept = await statistics.read(target);
  if (isNothing(kept)) return undefined;
  const known = kept.statistics ?? noStatistics(target);
  return answerFrom(known, {
    asOf,
    window: { kind: 'all' },
    production: { value: kept.production },
    path: await compared(pathNow, known),
  });
}

/** The same figures of the newest drills alone, computed from their receipts. */
export async function statisticsOfWindow(
  { statistics, history, pathNow }: WindowPorts,
  { target, asOf, window }: Question & { readonly window: Exclude<Window, { kind: 'all' }> },
): Promise<Answer | undefined> {
  const kept = await statistics.read(target);
  if (isNothing(kept)) return undefined;
  const { drills, isCut } = await drillsIn(history, target, window);
  const answer = answerFrom(statisticsOfAll(target, drills), {
    asOf,
    window,
    production: unknown('deployments and rollbacks of production are counted over all time only'),
    path: await compared(pathNow, kept.statistics ?? noStatistics(target)),
  });
  const cut = `only the newest ${MOST_DRILLS_IN_WINDOW} drills of the window are in here`;
  return isCut ? { ...answer, caution: [...answer.caution, cut] } : answer;
}

/** What cannot be read has neither changed nor stayed. */
async function compared(pathNow: PathReader, statistics: Statistics): Promise<PathChange> {
  if (statistics.rehearsed === null) return pathChange(statistics, { plan: '', target: '' });
  const { name } = statistics.rehearsed.plan;
  try {
    const now = await pathNow(name);
    if (now === undefined) return { changed: null, reason: `plan ${name} is not deployed` };
    return pathChange(statistics, now);
  } catch (error) {
    const { name: fault, message } = error as Error;
    const why = fault === 'Error' ? message : `${fault}: ${message}`;
    return { changed: null, reason: `the target cannot be read now: ${why}` };
  }
}

function isNothing({ statistics, production }: KeptStatistics): boolean {
  return statistics === null && production.countedSince === null;
}

interface Drills {
  readonly drills: readonly (Receipt | DrillRecord)[];
  readonly isCut: boolean;
}

async function drillsIn(
  history: DrillHistory,
  target: string,
  window: Exclude<Window, { kind: 'all' }>,
): Promise<Drills> {
  if (window.kind === 'last') {
    const { found } = await newest(history.receipts(target, 'newest'), window.drills, () => true);
    return { drills: found, isCut: false };
  }
  const isIn = (drill: Receipt | DrillRecord) => isSince(window.at, drill);
  const receipts = await newest(history.receipts(target, 'newest'), MOST_DRILLS_IN_WINDOW, isIn);
  const records = await newest(history.records(target), MOST_DRILLS_IN_WINDOW, isIn);
  return { drills: [...receipts.found, ...records.found], isCut: receipts.isCut || records.isCut };
}

/** Drills come from the newest on: the first that began before the window ends the search. */
async function newest<T>(
  drills: AsyncIterable<T>,
  most: number,
  isIn: (drill: T) => boolean,
): Promise<{ found: readonly T[]; isCut: boolean }> {
  const found: T[] = [];
  for await (const drill of drills) {
    if (!isIn(drill)) break;
    if (found.length === most) return { found, isCut: true };
    found.push(drill);
  }
  return { found, isCut: false };
}

/** A receipt without the mark counts as one of the window: it cannot be shown to be older. */
function isSince(at: string, drill: Receipt | DrillRecord): boolean {
  const startedAt = drill.number === null ? drill.startedAt : drill.marks.drillStarted.at;
  return startedAt === null || startedAt >= at;
}

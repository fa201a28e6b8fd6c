import type { Answer } from '../../drill/statistics/answer.ts';
import type { Page, PageAsked } from '../../ports/receipts.ts';
import type { KeptStatistics, StatisticsStore } from '../../ports/statistics.ts';
import type { PathReader } from '../../ports/target.ts';
import { statisticsOf } from './statistics.ts';

interface ReadinessPorts {
  readonly statistics: Pick<StatisticsStore, 'page'>;
  readonly pathNow: PathReader;
}

/** How ready a target is for a rollback on a day. Every figure that is `null` has its reason in `unknown`. */
export interface TargetReadiness
  extends Pick<
    Answer,
    'target' | 'readiness' | 'daysSinceLastPass' | 'graduated' | 'pathChangedSinceRehearsal'
  > {
  readonly mustDrill: boolean;
  /** Why it must be drilled again. */
  readonly reasons: readonly string[];
  readonly unknown: Readonly<Record<string, string>>;
}

/** Below this score, half of what was proven is gone. */
const LOWEST_SCORE = 50;

/** Targets are read this many at once. */
const AT_ONCE = 5;

/** The readiness of some targets; what depends on today is told of `asOf`, epoch milliseconds. */
export async function readinessPage(
  { statistics, pathNow }: ReadinessPorts,
  asked: PageAsked,
  asOf: number,
): Promise<Page<TargetReadiness>> {
  const { items, next } = await statistics.page(asked);
  const told: TargetReadiness[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const answers = items.slice(at, at + AT_ONCE).map((kept) => answerOf(kept, pathNow, asOf));
    told.push(...(await Promise.all(answers)).flatMap((answer) => (answer ? [readinessIn(answer)] : [])));
  }
  return { items: told, next };
}

/** They are read already. */
function answerOf(kept: KeptStatistics, pathNow: PathReader, asOf: number): Promise<Answer | undefined> {
  return statisticsOf({ statistics: { read: async () => kept }, pathNow }, { target: kept.target, asOf });
}

const FIGURES = ['readiness', 'daysSinceLastPass', 'pathChangedSinceRehearsal'];

function readinessIn(answer: Answer): TargetReadiness {
  const { target, readiness, daysSinceLastPass, graduated, pathChangedSinceRehearsal, unknown } = answer;
  const reasons = [
    ...(readiness === null ? [`it is not known how ready it is: ${unknown.readiness}`] : []),
    ...(readiness !== null && readiness.score < LOWEST_SCORE
      ? [`readiness ${readiness.score} < ${LOWEST_SCORE}: ${readiness.reason}`]
      : []),
    ...(pathChangedSinceRehearsal === true
      ? answer.caution.filter((line) => line.includes('rollback path'))
      : []),
  ];
  return {
    target,
    readiness,
    daysSinceLastPass,
    graduated,
    pathChangedSinceRehearsal,
    mustDrill: reasons.length > 0,
    reasons,
    unknown: Object.fromEntries(Object.entries(unknown).filter(([name]) => FIGURES.includes(name))),
  };
}

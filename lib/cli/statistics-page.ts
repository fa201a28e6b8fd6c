import { OUTCOMES } from '../drill/outcome.ts';
import type { Answer, Percentiles } from '../drill/statistics/answer.ts';
import { TREND_CHANGE, TREND_DRILLS } from '../drill/statistics/course.ts';
import { CLEAN_DRILLS_TO_GRADUATE, DEFINITIONS } from '../drill/statistics/definitions.ts';
import { duration, percent } from '../report/duration.ts';
import { type Output, padded, safe } from '../report/text.ts';
import { OUTCOME_COLOURS } from './outcome-colours.ts';
import { hanging, type Page, type Part, pageOn } from './page.ts';
import { bar, sparkline } from './plots.ts';

const LABEL_COLUMNS = 20;
const OUTCOME_COLUMNS = 14;
const BAR_COLUMNS = 24;
const DEFINED_COLUMNS = 28;

/** The figures of each target, one below the other, and what they are: on a terminal before them, as its end stays in sight. */
export function statisticsPage(answers: readonly Answer[], out: Output): string {
  const page = pageOn(out);
  const figures = answers.map((answer) => targetPart(answer, page));
  const parts = out.isTTY ? [definitions(page), ...figures] : [...figures, definitions(page)];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function targetPart(answer: Answer, page: Page): Part {
  const { frequency, unknown, recent } = answer;
  const row = (label: string, text: string) => hanging(`  ${padded(label, LABEL_COLUMNS)}`, text, page);
  const told = (label: string, name: string, text: string | null) =>
    row(label, text ?? `— ${safe(unknown[name] ?? 'it is not known')}`);
  const speeds = recent.map(({ rollbackSpeedMs }) => rollbackSpeedMs);
  return [
    `${page.paint('bold', safe(answer.target))}  ${page.paint('dim', headline(answer))}`,
    ...told('rollback speed', 'rollbackSpeed', percentiles(answer.rollbackSpeed)),
    ...(recent.length > 1
      ? row('', `${sparkline(speeds)}  the last ${recent.length} drills, the newest right`)
      : []),
    ...told('rehearsal timer', 'rehearsalTimer', percentiles(answer.rehearsalTimer)),
    ...told('time to detect', 'timeToDetect', percentiles(answer.timeToDetect)),
    ...told('success rate', 'successRate', answer.successRate === null ? null : percent(answer.successRate)),
    ...told('completeness', 'completeness', completeness(answer)),
    ...outcomes(answer, page),
    ...told('dominant step', 'dominantStep', answer.dominantStep && dominant(answer.dominantStep)),
    ...told('trend', 'trend', answer.trend && trend(answer.trend)),
    ...told('regression', 'regression', answer.regression && regression(answer.regression)),
    ...row('graduated', graduated(answer)),
    ...told('readiness', 'readiness', answer.readiness && readiness(answer.readiness)),
    ...told('last pass', 'daysSinceLastPass', lastPass(answer)),
    ...row('operators', String(answer.distinctOperators)),
    ...told('rollback path', 'pathChangedSinceRehearsal', pathOf(answer)),
    ...told('production', 'frequency.deployments', production(frequency)),
    ...answer.caution.flatMap((caution) =>
      hanging(`  ${page.paint('yellow', '!')} `, safe(caution, 1_000), page, { format: 'yellow' }),
    ),
  ];
}

function headline({ frequency, asOf, window }: Answer): string {
  const drills = frequency.drills === 1 ? '1 numbered drill' : `${frequency.drills} numbered drills`;
  return `${drills}${of(window)}, as of ${asOf.slice(0, 16).replace('T', ' ')} UTC`;
}

function of(window: Answer['window']): string {
  if (window.kind === 'last') return ` (the last ${window.drills})`;
  return window.kind === 'since' ? ` since ${window.at.slice(0, 10)}` : '';
}

function percentiles({ p50, p95, max, n }: Percentiles): string | null {
  if (p50 === null || p95 === null || max === null) return null;
  const cells = [`p50 ${duration(p50)}`, `p95 ${duration(p95)}`, `max ${duration(max)}`];
  return `${cells.map((cell) => padded(cell, 17)).join(' ')} n ${n}`;
}

function completeness({ completeness: { mean, last, n } }: Answer): string | null {
  if (mean === null) return null;
  return `${percent(mean)} in the mean of ${n}${last === null ? '' : `, ${percent(last)} in the newest`}`;
}

/** From the best to the worst; outcomes that never came are left out. */
function outcomes({ outcomes: counts }: Answer, { paint }: Page): Part {
  const had = OUTCOMES.toReversed().filter((outcome) => counts[outcome] > 0);
  const most = Math.max(...had.map((outcome) => counts[outcome]));
  return had.map((outcome, at) => {
    const label = padded(at === 0 ? 'outcomes' : '', LABEL_COLUMNS);
    const drawn = paint(OUTCOME_COLOURS[outcome], bar(counts[outcome], most, BAR_COLUMNS));
    return `  ${label}${padded(outcome, OUTCOME_COLUMNS)}${drawn} ${counts[outcome]}`;
  });
}

function dominant({ name, share }: { name: string; share: number }): string {
  return `${safe(name)}, ${percent(share)} of the rehearsal timers`;
}

function trend({
  direction,
  recentMedianMs,
  beforeMedianMs,
  change,
  n,
}: NonNullable<Answer['trend']>): string {
  const medians = `median ${duration(recentMedianMs)} of the last ${TREND_DRILLS}, ${duration(beforeMedianMs)} of the ${n - TREND_DRILLS} before`;
  return `${direction}: ${medians}: ${changed(change)}; up to ${percent(TREND_CHANGE)} is steady`;
}

function regression({
  regressed,
  number,
  speedMs,
  medianMs,
  change,
  allowedChange,
  n,
}: NonNullable<Answer['regression']>): string {
  const compared = `${duration(speedMs)} in drill ${number}, median ${duration(medianMs)} of the ${n} before`;
  return `${regressed ? 'yes' : 'no'}: ${compared}: ${changed(change)}; up to ${percent(allowedChange)} slower is none`;
}

function changed(change: number): string {
  if (change === 0) return 'as fast';
  return `${percent(Math.abs(change))} ${change > 0 ? 'slower' : 'faster'}`;
}

function graduated({ graduated: has, cleanInARow }: Answer): string {
  const row = `${cleanInARow} clean in a row ${has ? '≥' : '<'} ${CLEAN_DRILLS_TO_GRADUATE}`;
  return has ? `yes, ready for a game day: ${row}` : `no: ${row}`;
}

function readiness({ score, reason }: NonNullable<Answer['readiness']>): string {
  return `${score} of 100: ${reason}`;
}

function lastPass({ daysSinceLastPass: days, lastPass: pass }: Answer): string | null {
  if (days === null || pass === null) return null;
  const ago = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
  return `${ago} ago: drill ${pass.number} at ${pass.at.slice(0, 16).replace('T', ' ')} UTC`;
}

function pathOf({ pathChangedSinceRehearsal: changed }: Answer): string | null {
  if (changed === null) return null;
  return changed ? 'changed since it was rehearsed' : 'as it was rehearsed';
}

function production(frequency: Answer['frequency']): string | null {
  const { deployments, realRollbacks, rollbacksPerDeployment, countedSince } = frequency;
  if (deployments === null) return null;
  const ratio = rollbacksPerDeployment === null ? '' : `, ${rollbacksPerDeployment} per deployment`;
  const since = countedSince === null ? 'no event yet' : `since ${countedSince.slice(0, 10)}`;
  return `${deployments} deployments, ${realRollbacks} real rollbacks${ratio}; ${since}, without drills`;
}

function definitions(page: Page): Part {
  const lines = Object.entries(DEFINITIONS).flatMap(([name, text]) =>
    hanging(`  ${padded(name, DEFINED_COLUMNS)}`, text, page, { format: 'dim' }),
  );
  return [page.paint('bold', 'What the figures are'), ...lines];
}

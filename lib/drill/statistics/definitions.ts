import { FEWEST_DRILLS, REGRESSION_CHANGE, REGRESSION_DRILLS, TREND_CHANGE, TREND_DRILLS } from './course.ts';
import { CLEAN_TIMER_MS } from './drilled.ts';
import { EXACT_VALUES, RELATIVE_ERROR } from './histogram.ts';
import { MOST_OPERATORS } from './operators.ts';
import { HALF_LIFE_DAYS, READINESS_DRILLS } from './readiness.ts';
import { REMEMBERED_DRILLS } from './statistics.ts';

export const CLEAN_DRILLS_TO_GRADUATE = 3;

const PERCENTILES = 'of counted drills in which it is known';

/** What each figure is. They stand next to the numbers. */
export const DEFINITIONS = {
  label:
    'Everything here was measured in drills, on purpose. None of it belongs into the DORA figures of production, and no drill is among the deployments and rollbacks of frequency.',
  counted:
    'Passed, rescued, failed, inconclusive and not-restored drills. Refused, aborted and compromised ones do not tell how the target rolls back: they stand in outcomes alone.',
  percentiles: `Nearest rank: the smallest value that 50 % or 95 % do not exceed. Exact up to ${EXACT_VALUES} values, beyond that within ${100 * RELATIVE_ERROR} %; max and n are always exact.`,
  rollbackSpeed: `restored − rollbackDecided, in milliseconds, ${PERCENTILES}.`,
  rehearsalTimer: `restored − triggerObserved, in milliseconds, ${PERCENTILES}.`,
  timeToDetect: `triggerObserved − badServing, in milliseconds, ${PERCENTILES}; negative when the trigger came first.`,
  successRate:
    'passed ÷ counted drills. A rescued drill is no success: an applicable rollback path failed in it.',
  completeness: `passed ÷ required validations of a drill, unknown ones counting as not passed: the mean over n counted drills, and the newest one's.`,
  outcomes: 'Drills by outcome, refused ones among them.',
  dominantStep:
    'The step that took the largest part of all rehearsal timers: sum of its time ÷ sum of the timers of counted drills.',
  trend: `Median rollback speed of the last ${TREND_DRILLS} counted drills against that of the ${TREND_DRILLS} before them (at least ${FEWEST_DRILLS}), among the last ${REMEMBERED_DRILLS} drills; a change of up to ${100 * TREND_CHANGE} % is steady.`,
  regression: `The newest counted drill's rollback speed against the median of up to ${REGRESSION_DRILLS} before it (at least ${FEWEST_DRILLS}); slower by more than ${100 * REGRESSION_CHANGE} % is a regression.`,
  graduated: `The last ${CLEAN_DRILLS_TO_GRADUATE} numbered drills were all clean: passed, without a gap that is a warning or serious, rehearsal timer under ${CLEAN_TIMER_MS / 60_000} minutes. Ready for a game day.`,
  daysSinceLastPass: 'Whole days from the moment when the last drill that passed was restored, to asOf.',
  readiness: `From 0 to 100: 100 × completeness of the newest counted drill × share of the last ${READINESS_DRILLS} counted drills that passed × 0.5^(days since the last pass ÷ ${HALF_LIFE_DAYS}), at asOf. An unknown completeness is 0.`,
  distinctOperators: `People who started, approved, reported, decided or aborted numbered drills. Exact up to ${MOST_OPERATORS}; more are told as ${MOST_OPERATORS}.`,
  pathChangedSinceRehearsal:
    'Whether the plan, the service or the pipeline is another than in the newest drill that restored the target: then the rollback path must be drilled again.',
  frequency: `drills: numbered drills. deployments and realRollbacks: those of production since countedSince, from the target's own events; those of drills are not among them. rollbacksPerDeployment: realRollbacks ÷ deployments.`,
} as const;

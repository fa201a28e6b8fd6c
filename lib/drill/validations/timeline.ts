import { MARKS, type MarkName, type Marks, marksOutOfOrder } from '../clock.ts';
import { STATES, type StateName } from '../states.ts';
import type { Judgement } from '../validation.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

export interface TimelineFacts {
  readonly marks: Marks;
  /** States that were visited, by the drill itself. */
  readonly visited: readonly string[];
  /** Whether the watchdog has finished the drill, which needs not visit states. */
  readonly isTakenOver: boolean;
  /** Whether the plan has validations that are run. */
  readonly isValidated: boolean;
  /** The state of a call that was announced and whose answer is not recorded. */
  readonly unanswered: string | null;
  /** The longest time without a probe; `null` when there are none. */
  readonly longestSilenceMs: number | null;
  readonly probing: { readonly intervalMs: number; readonly timeoutMs: number };
}

/** Of a restored drill: marks that must exist do, in their order; every state was visited; the witness was never silent. */
export function timeline(facts: TimelineFacts): Judgement {
  const { marks } = facts;
  if (marks.restored.at === null)
    return verdictOf(unproven(`there is no timeline to judge: ${marks.restored.reason}`), []);
  const parts = [ofMarks(facts), ofStates(facts), ofCalls(facts), ofProbes(facts)];
  return verdictOf(
    together(parts),
    MARKS.map((name) => `${name}: ${toldBy(marks, name)}`),
  );
}

/** By mark, how the reason of one begins that cannot exist, or whose absence is a finding of its own. */
const MAY_LACK: Readonly<Partial<Record<MarkName, readonly string[]>>> = {
  approved: ['not-required'],
  badServing: ['never-served'],
  triggerObserved: ['undetected'],
  stableFirstSeen: ['never-unhealthy', 'interrupted'],
  allClear: ['unstable'],
};

/** A watchdog restores without a trigger and without a decision. */
const MAY_LACK_TAKEN_OVER: typeof MAY_LACK = {
  ...MAY_LACK,
  triggerObserved: ['undetected', 'not-awaited'],
  rollbackDecided: ['never-decided'],
};

function ofMarks({ marks, isValidated, isTakenOver }: TimelineFacts): Findings {
  const mayLack = isTakenOver ? MAY_LACK_TAKEN_OVER : MAY_LACK;
  const missing = MARKS.flatMap((name) => {
    const mark = marks[name];
    if (mark.at !== null || (name === 'validated' && !isValidated)) return [];
    const isExplained = mayLack[name]?.some((word) => mark.reason.startsWith(`${word}:`));
    return isExplained ? [] : [`mark ${name} is missing: ${mark.reason}`];
  });
  const holes = [...missing, ...marksOutOfOrder(marks)];
  const set = MARKS.filter((name) => marks[name].at !== null).length;
  return holes.length > 0 ? wrong(...holes) : right(`${set} marks in order`);
}

/** States that a drill visits only when its plan asks. */
const OPTIONAL: readonly StateName[] = ['AwaitDecision', 'UndoMigration'];

function ofStates({ visited, isTakenOver, isValidated }: TimelineFacts): Findings {
  const last = STATES.findLastIndex((state) => visited.includes(state));
  const due = isTakenOver ? STATES.slice(0, last + 1) : STATES;
  const missing = due.filter(
    (state) => !visited.includes(state) && !OPTIONAL.includes(state) && (isValidated || state !== 'Validate'),
  );
  if (missing.length > 0) return wrong(...missing.map((state) => `state ${state} was not visited`));
  return right(`${new Set(visited).size} states`);
}

function ofCalls({ unanswered }: TimelineFacts): Findings {
  if (unanswered === null) return right('every call answered');
  return wrong(`the call of ${unanswered} was announced, and its answer is not recorded`);
}

/** On a machine that is busy a probe may come late. */
const LEAST_LIMIT_MS = 10_000;
const PROBES_MISSED = 5;

function ofProbes({ longestSilenceMs, probing: { intervalMs, timeoutMs } }: TimelineFacts): Findings {
  if (longestSilenceMs === null) return unproven('the witness left no probes');
  const limit = Math.max(PROBES_MISSED * intervalMs, timeoutMs + 2 * intervalMs, LEAST_LIMIT_MS);
  const silence = `the longest silence of the witness was ${longestSilenceMs} ms`;
  if (longestSilenceMs > limit) return wrong(`${silence} > ${limit} ms`);
  return right(`${silence} ≤ ${limit} ms`);
}

function toldBy(marks: Marks, name: MarkName): string {
  const mark = marks[name];
  return mark.at ?? mark.reason;
}

import type { MarkSource, Marks } from './clock.ts';
import { timeOf } from './clock.ts';
import type { Entry } from './entry.ts';
import { entriesOf, lastOf, markTime } from './journal.ts';
import { type Condition, conditionText } from './plan/condition.ts';
import type { ObservedTrigger } from './trigger.ts';

/** A trigger of the plan, and whether it saw the known-bad release of this drill. */
export interface JudgedTrigger {
  readonly name: string;
  readonly observedBy: string;
  readonly condition: string;
  readonly action: 'roll-back' | 'page-only';
  readonly budgetMs: number;
  /** Whether the plan says that it should catch this known-bad release; `null` when the plan says it of no trigger. */
  readonly expected: boolean | null;
  /** The known-bad releases of the plan that it should catch. */
  readonly catches: readonly string[];
  /** `null` when it cannot be told, as when the rollback came before it could have fired. */
  readonly fired: boolean | null;
  readonly at: string | null;
  readonly source: MarkSource | null;
  /** The evidence; or why it did not fire, or why that is not known. */
  readonly reason: string;
  /** The last drill of the target before this one in which it fired; `null` when there is none. */
  readonly lastFiredIn: number | null;
}

/** A row of the detection table. Durations in milliseconds. */
export interface Detection extends JudgedTrigger {
  /** From the known-bad release serving (deployed, when it never served) to the trigger. */
  readonly timeToDetectMs: number | null;
  /** From the trigger to the restored service; negative when it fired only after that. */
  readonly timerMs: number | null;
  readonly withinBudget: boolean | null;
}

export interface TriggerOfPlan {
  readonly name: string;
  readonly observedBy: string;
  readonly condition: Condition;
  readonly action: 'roll-back' | 'page-only';
  readonly budgetMs: number;
}

export interface DetectionPlan {
  readonly triggers: readonly TriggerOfPlan[];
  /** Which release this drill deploys, by its name in the plan. */
  readonly knownBad: string;
  /** By known-bad release of the plan, the triggers that should catch it; those that name none are left out. */
  readonly caughtBy: Readonly<Record<string, readonly string[]>>;
}

/** Every trigger of the plan, in its order, with what the journal says of it. */
export function judgedTriggers(
  journal: readonly Entry[],
  { triggers, knownBad, caughtBy }: DetectionPlan,
): readonly JudgedTrigger[] {
  const expected = caughtBy[knownBad];
  const lastFired = lastOf(journal, 'rehearsed')?.fired ?? {};
  return triggers.map(({ name, observedBy, condition, action, budgetMs }) => ({
    name,
    observedBy,
    condition: conditionText(condition),
    action,
    budgetMs,
    expected: expected ? expected.includes(name) : null,
    catches: Object.keys(caughtBy).filter((release) => caughtBy[release]?.includes(name)),
    ...verdict(journal, name, observedBy),
    lastFiredIn: lastFired[name] ?? null,
  }));
}

export function detectionTable(triggers: readonly JudgedTrigger[], marks: Marks): readonly Detection[] {
  const since = timeOf(marks.badServing) ?? timeOf(marks.badDeployStarted);
  const restored = timeOf(marks.restored);
  return triggers.map((trigger) => {
    const at = trigger.at === null ? null : Date.parse(trigger.at);
    const timerMs = at === null || restored === null ? null : restored - at;
    return {
      ...trigger,
      timeToDetectMs: at === null || since === null ? null : at - since,
      timerMs,
      withinBudget: timerMs === null ? null : timerMs <= trigger.budgetMs,
    };
  });
}

type Verdict = Pick<JudgedTrigger, 'fired' | 'at' | 'source' | 'reason'>;

function verdict(journal: readonly Entry[], name: string, observedBy: string): Verdict {
  const probes = lastOf(journal, 'probes');
  const seen =
    entriesOf(journal, 'trigger').find(({ trigger }) => trigger.name === name)?.trigger ??
    probes?.fired?.find((trigger) => trigger.name === name);
  if (seen) return observed(seen);
  if (markTime(journal, 'badDeployStarted') === null)
    return silent(null, 'no known-bad release was deployed');
  if (observedBy === 'probe') {
    if (probes?.judged?.includes(name))
      return silent(false, 'it did not hold in any full window while the known-bad release was live');
    return silent(null, 'its window was never full of probes while the known-bad release was live');
  }
  const undetected = lastOf(journal, 'undetected');
  if (undetected) return silent(false, `silent for as long as the drill waited: ${undetected.reason}`);
  return silent(null, 'the wait for triggers ended before it could fire');
}

function observed({ at, source, evidence }: ObservedTrigger): Verdict {
  return { fired: true, at, source, reason: evidence };
}

function silent(fired: false | null, reason: string): Verdict {
  return { fired, at: null, source: null, reason };
}

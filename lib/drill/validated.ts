import type { Marks } from './clock.ts';
import type { Entry } from './entry.ts';
import { entriesOf, lastOf, standingValidations, unansweredCall } from './journal.ts';
import type { PlanFacts } from './receipt.ts';
import { isJudgedAtSealing, type Validated } from './validation.ts';
import { timeline } from './validations/timeline.ts';

/** A validation of the plan that left no verdict is unknown, never absent. */
export function validationsFrom(
  journal: readonly Entry[],
  plan: PlanFacts,
  marks: Marks,
): readonly Validated[] {
  const ended = standingValidations(journal);
  return plan.validations.map((planned) => {
    if (isJudgedAtSealing(planned)) return judgedAtSealing(planned, journal, plan, marks);
    return ended.find((validated) => validated.name === planned.name) ?? missing(planned);
  });
}

function judgedAtSealing(
  { name, kind, required }: PlanFacts['validations'][number],
  journal: readonly Entry[],
  { validations, probing }: PlanFacts,
  marks: Marks,
): Validated {
  const takeover = journal.findIndex((entry) => entry.kind === 'taken-over');
  const own = takeover === -1 ? journal : journal.slice(0, takeover);
  const judgement = timeline({
    marks,
    visited: entriesOf(own, 'step').map((step) => step.name),
    isTakenOver: takeover !== -1,
    isValidated: !validations.every(isJudgedAtSealing),
    unanswered: unansweredCall(journal)?.state ?? null,
    longestSilenceMs: lastOf(journal, 'probes')?.summary.longestSilenceMs ?? null,
    probing,
  });
  const at = lastOf(journal, 'closing')?.at ?? null;
  return { name, kind, required, ...judgement, startedAt: at, endedAt: at };
}

function missing({ name, kind, required }: PlanFacts['validations'][number]): Validated {
  return {
    name,
    kind,
    required,
    verdict: 'unknown',
    reason: 'it did not run to its end',
    evidence: [],
    startedAt: null,
    endedAt: null,
  };
}

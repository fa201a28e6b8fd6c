import { fewestFailures } from './condition.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import type { Finding } from './place.ts';
import { repeated } from './repeated.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What guardrails, stop conditions and the decision to roll back cannot be together with. */
export const CONTRADICTIONS_OF_SAFETY: readonly Rule[] = [
  windowsThatOpen,
  freezesThatBegin,
  differentDependencies,
  holdByWhomeverIsAsked,
  usefulHold,
  budgetForSilence,
  badForWithinTheDrill,
  badForAfterTheTrigger,
  samplesWithinTheDrill,
];

function windowsThatOpen({ guardrails }: Draft): Finding[] {
  return (guardrails?.windows ?? []).flatMap((window, index) => {
    const { from, to } = window ?? {};
    if (from === undefined || to === undefined || to > from) return [];
    const message = `must be later than from (${from}), because a window ends on the day on which it begins; received ${to}. Write two windows, one for each day.`;
    return [{ path: ['guardrails', 'windows', index, 'to'], message }];
  });
}

function freezesThatBegin({ guardrails }: Draft): Finding[] {
  return (guardrails?.freezes ?? []).flatMap((freeze, index) => {
    const { from, to } = freeze ?? {};
    if (from === undefined || to === undefined || to >= from) return [];
    const message = `must not be before from (${from}); received ${to}.`;
    return [{ path: ['guardrails', 'freezes', index, 'to'], message }];
  });
}

function differentDependencies({ guardrails }: Draft): Finding[] {
  const dependencies = guardrails?.dependencies ?? [];
  return repeated(dependencies.map((dependency) => dependency?.name)).map((index) => ({
    path: ['guardrails', 'dependencies', index, 'name'],
    message: `must differ from the names of the other dependencies; received "${dependencies[index]?.name}" again.`,
  }));
}

function holdByWhomeverIsAsked({ rollback }: Draft): Finding[] {
  if (!rollback?.hold || 'confirm' in rollback) return [];
  const message =
    'needs rollback.confirm: only a person who is asked can hold. Add confirm: {within: 2m}, or remove hold.';
  return [{ path: ['rollback', 'hold'], message }];
}

function usefulHold({ rollback }: Draft): Finding[] {
  const [within, upTo] = [rollback?.confirm?.within, rollback?.hold?.upTo];
  if (within === undefined || upTo === undefined || upTo > within) return [];
  const message = `must be longer than rollback.confirm.within (${formatDuration(within)}), for which the rollback waits without being held; received ${formatDuration(upTo)}.`;
  return [{ path: ['rollback', 'hold', 'upTo'], message }];
}

function budgetForSilence({ rollback, triggers = [] }: Draft): Finding[] {
  const within = rollback?.confirm?.within;
  const budgets = triggers.flatMap((trigger) =>
    trigger?.action === 'roll-back' && trigger.budget !== undefined ? [trigger] : [],
  );
  const [tightest] = budgets.toSorted((a, b) => (a.budget ?? 0) - (b.budget ?? 0));
  if (within === undefined || tightest?.budget === undefined || within < tightest.budget) return [];
  const message = `must be shorter than the budget of the trigger ${tightest.name} (${formatDuration(tightest.budget)}), or a rollback after silence is always too late; received ${formatDuration(within)}.`;
  return [{ path: ['rollback', 'confirm', 'within'], message }];
}

function badForWithinTheDrill(draft: Draft): Finding[] {
  const badFor = draft.stopConditions?.maximumBadFor;
  const longest = longestWaitMs(draft);
  if (badFor === undefined || longest === undefined || badFor < longest) return [];
  const message = `must be shorter than ${formatDuration(longest)}, after which the drill rolls back all the same (${waitsOf(draft)}); received ${formatDuration(badFor)}.`;
  return [{ path: ['stopConditions', 'maximumBadFor'], message }];
}

/** A limit that is always reached before the first trigger rehearses nothing. */
function badForAfterTheTrigger({ stopConditions, smoke, triggers = [] }: Draft): Finding[] {
  const badFor = stopConditions?.maximumBadFor;
  const interval = smoke?.interval;
  if (badFor === undefined || interval === undefined) return [];
  const rolling = triggers.filter((trigger) => trigger?.action !== 'page-only');
  const failures = rolling.map((trigger) => (trigger?.condition ? fewestFailures(trigger.condition) : null));
  const counts = failures.filter((count) => count !== null);
  if (counts.length === 0 || counts.length < failures.length) return [];
  const fewest = Math.min(...counts);
  if (badFor > fewest * interval) return [];
  const message = `must be longer than ${formatDuration(fewest * interval)}, or the drill stops before any trigger can fire (${fewest} failures × ${formatDuration(interval)}); received ${formatDuration(badFor)}.`;
  return [{ path: ['stopConditions', 'maximumBadFor'], message }];
}

function samplesWithinTheDrill(draft: Draft): Finding[] {
  const { maximumFailingShare, minimumSamples } = draft.stopConditions ?? {};
  const interval = draft.smoke?.interval;
  const longest = longestWaitMs(draft);
  if (maximumFailingShare === undefined || minimumSamples === undefined) return [];
  if (interval === undefined || longest === undefined || minimumSamples * interval <= longest) return [];
  const most = Math.floor(longest / interval);
  const message = `must be at most ${most}, or the share never counts: that many probes fit into ${formatDuration(longest)} (${waitsOf(draft)}) at an interval of ${formatDuration(interval)}; received ${minimumSamples}.`;
  return [{ path: ['stopConditions', 'minimumSamples'], message }];
}

/** From the known-bad release to the rollback, when nothing fires and a person holds as long as may be. */
function longestWaitMs({ detectWithin, rollback }: Draft): number | undefined {
  if (detectWithin === undefined) return undefined;
  return detectWithin + Math.max(rollback?.confirm?.within ?? 0, rollback?.hold?.upTo ?? 0);
}

function waitsOf({ rollback }: Draft): string {
  return rollback?.confirm ? 'detectWithin, and the longest wait for a person' : 'detectWithin';
}

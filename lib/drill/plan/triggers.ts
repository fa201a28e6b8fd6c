import { type Condition, fewestFailures, formsFor, observerOf } from './condition.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { anyOf, didYouMean, sentences, shortened } from './message.ts';
import { type Finding, placeOf } from './place.ts';
import { repeated } from './repeated.ts';
import { samplesFor, type WindowedCondition } from './windowed.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What triggers cannot be together with. */
export const CONTRADICTIONS_OF_TRIGGERS: readonly Rule[] = [
  differentTriggers,
  someTriggerRollsBack,
  conditionsFitObservers,
  timeToDetect,
  samplesInWindows,
  samplesOfBaseline,
  slowerThanTimeout,
  catchersAreTriggers,
];

function differentTriggers({ triggers = [] }: Draft): Finding[] {
  return repeated(triggers.map((trigger) => trigger?.name)).map((index) => ({
    path: ['triggers', index, 'name'],
    message: `must differ from the names of the other triggers; received "${triggers[index]?.name}" again.`,
  }));
}

function someTriggerRollsBack({ triggers }: Draft): Finding[] {
  if (!triggers || triggers.length === 0 || triggers.some((trigger) => trigger?.action !== 'page-only'))
    return [];
  return [
    {
      path: ['triggers'],
      message:
        'must have at least one trigger with the action roll-back; received only page-only. Without it nothing is rehearsed.',
    },
  ];
}

function conditionsFitObservers({ triggers = [] }: Draft): Finding[] {
  return triggers.flatMap((trigger, index) => {
    const { condition, observedBy } = trigger ?? {};
    if (!condition || !observedBy || observerOf(condition) === observedBy) return [];
    const forms = `Write ${anyOf(formsFor(observedBy))}`;
    const message =
      condition.kind === 'alarm'
        ? `is no condition that ${observedBy} can see; received "${shortened(condition.alarm)}". ${forms}, or change observedBy to alarm if it is the name of one.`
        : `cannot be seen by ${observedBy}; it is seen by ${observerOf(condition)}. ${forms}, or change observedBy.`;
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

function timeToDetect({ smoke, triggers = [], detectWithin }: Draft): Finding[] {
  const interval = smoke?.interval;
  if (interval === undefined || detectWithin === undefined) return [];
  const needs = triggers.flatMap((trigger, index) => {
    const need = trigger?.condition ? timeNeeded(trigger.condition, interval) : null;
    return need === null ? [] : [{ ...need, place: trigger?.name ?? placeOf(['triggers', index]) }];
  });
  const slowest = needs.sort((a, b) => b.ms - a.ms)[0];
  if (!slowest || detectWithin >= slowest.ms) return [];
  const message = `must be at least ${formatDuration(slowest.ms)}, which the trigger ${slowest.place} needs (${slowest.why}); received ${formatDuration(detectWithin)}.`;
  return [{ path: ['detectWithin'], message }];
}

function timeNeeded(condition: Condition, interval: number): { ms: number; why: string } | null {
  if (isWindowed(condition)) return { ms: condition.windowMs, why: 'its window' };
  const failures = fewestFailures(condition);
  if (failures === null) return null;
  return { ms: failures * interval, why: `${failures} failures × ${formatDuration(interval)}` };
}

/** A window that never holds enough samples never says anything. */
function samplesInWindows({ smoke, triggers = [] }: Draft): Finding[] {
  const { interval, timeout } = smoke ?? {};
  if (interval === undefined || timeout === undefined) return [];
  return windowedTriggers(triggers).flatMap(({ index, condition }) => {
    const { windowMs, minimumSamples } = condition;
    const needed = timeForSamples(condition, interval, timeout);
    if (needed.ms <= windowMs) return [];
    const message = `asks for ${minimumSamples} samples, which need ${formatDuration(needed.ms)} (${needed.why}), in a window of ${formatDuration(windowMs)}. Widen the window, probe more often, or ask for fewer samples.`;
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

/** Probes are sent one after the other: each of those that a percentile leaves above it may take as long as a probe waits. */
function timeForSamples(condition: WindowedCondition, interval: number, timeout: number) {
  const { minimumSamples } = condition;
  const percent = condition.kind === 'latency' ? 100 - condition.percentile : 0;
  const slow = Math.ceil((minimumSamples * percent) / 100);
  const slowMs = Math.max(interval, timeout);
  const quick = `${minimumSamples - slow} × ${formatDuration(interval)}`;
  return {
    ms: (minimumSamples - slow) * interval + slow * slowMs,
    why: slow === 0 ? quick : `${quick}, and ${slow} slow × ${formatDuration(slowMs)}`,
  };
}

/** A percentile of too few probes is only the slowest of them. */
function samplesOfBaseline({ steadyState, triggers = [] }: Draft): Finding[] {
  const samples = steadyState?.minimumSamples;
  if (samples === undefined) return [];
  const needed = windowedTriggers(triggers).flatMap(({ index, condition }) =>
    condition.limit.timesBaseline === undefined
      ? []
      : [
          {
            index,
            needs: condition.kind === 'latency' ? samplesFor(condition.percentile) : condition.minimumSamples,
          },
        ],
  );
  return needed.flatMap(({ index, needs }) => {
    if (samples >= needs) return [];
    const message = `compares with a baseline, which needs ${needs} samples; steadyState.minimumSamples is ${samples}. Raise it, and steadyState.for with it.`;
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

/** A probe is never seen to take longer than its timeout. */
function slowerThanTimeout({ smoke, triggers = [] }: Draft): Finding[] {
  const timeout = smoke?.timeout;
  if (timeout === undefined) return [];
  return windowedTriggers(triggers).flatMap(({ index, condition }) => {
    const above = condition.kind === 'latency' ? condition.limit.above : undefined;
    if (above === undefined || above < timeout) return [];
    const message = `can never hold: a probe gives up after smoke.timeout (${formatDuration(timeout)}); received ${formatDuration(above)}. Lower the limit, or raise the timeout.`;
    return [{ path: ['triggers', index, 'condition'], message }];
  });
}

function catchersAreTriggers({ knownBad, triggers }: Draft): Finding[] {
  if (!triggers || triggers.some((trigger) => trigger?.name === undefined)) return [];
  const names = triggers.map((trigger) => trigger?.name ?? '');
  return Object.entries(knownBad?.releases ?? {}).flatMap(([release, written]) =>
    (written?.caughtBy ?? []).flatMap((name, index) => {
      if (name === undefined || names.includes(name)) return [];
      const path = ['knownBad', 'releases', release, 'caughtBy', index];
      const message = `must be one of the triggers ${anyOf(names)}; received "${name}".`;
      return [{ path, message: sentences(message, didYouMean(name, names)) }];
    }),
  );
}

function windowedTriggers(triggers: NonNullable<Draft['triggers']>) {
  return triggers.flatMap((trigger, index) => {
    const condition = trigger?.condition;
    return condition && isWindowed(condition) ? [{ index, condition }] : [];
  });
}

function isWindowed(condition: Condition): condition is WindowedCondition {
  return condition.kind === 'error-rate' || condition.kind === 'latency';
}

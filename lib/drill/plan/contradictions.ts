import { ECS_PATHS, PATHS, type PathName } from '../path.ts';
import { timeForAlarms } from './alarm-delay.ts';
import { CONTRADICTIONS_OF_DATABASES } from './database-use.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { CONTRADICTIONS_OF_MEASURES } from './measured.ts';
import { anyOf, didYouMean, sentences } from './message.ts';
import { CONTRADICTIONS_OF_MIGRATIONS } from './migration-use.ts';
import { CONTRADICTIONS_OF_PIPELINES } from './pipeline-use.ts';
import type { Finding } from './place.ts';
import { repeated } from './repeated.ts';
import { contradictionsOfSmoke } from './requests.ts';
import { CONTRADICTIONS_OF_SAFETY } from './safety.ts';
import { isRate } from './schedule.ts';
import { CONTRADICTIONS_OF_TRIGGERS } from './triggers.ts';
import { contradictionsOfRequests } from './validation-requests.ts';

type Rule = (draft: Draft) => readonly Finding[];

/** What is right by itself but cannot be together. A rule whose values are not all known says nothing. */
export function contradictionsOf(draft: Draft): Finding[] {
  return RULES.flatMap((rule) => rule(draft));
}

const MOST_PROBES_UNDER_WAY = 50;
const FEWEST_GREENS = 3;

const PATHS_OF: Readonly<Record<'ecs' | 'codepipeline', readonly PathName[]>> = {
  ecs: ECS_PATHS,
  codepipeline: PATHS,
};

const RULES: readonly Rule[] = [
  knownDefault,
  ...CONTRADICTIONS_OF_PIPELINES,
  probesUnderWay,
  hangingProbes,
  contradictionsOfSmoke,
  enoughSamples,
  ...CONTRADICTIONS_OF_TRIGGERS,
  timeForAlarms,
  differentPaths,
  pathsFitTarget,
  somePathIsOurs,
  timeForGreens,
  differentValidations,
  ...CONTRADICTIONS_OF_DATABASES,
  ...CONTRADICTIONS_OF_MIGRATIONS,
  contradictionsOfRequests,
  ...CONTRADICTIONS_OF_MEASURES,
  startOfRate,
  ...CONTRADICTIONS_OF_SAFETY,
];

function knownDefault({ knownBad }: Draft): Finding[] {
  if (knownBad?.default === undefined || knownBad.releases === undefined) return [];
  if (Object.hasOwn(knownBad.releases, knownBad.default)) return [];
  const names = Object.keys(knownBad.releases);
  const message = `must be one of the releases ${anyOf(names)}; received "${knownBad.default}".`;
  return [
    { path: ['knownBad', 'default'], message: sentences(message, didYouMean(knownBad.default, names)) },
  ];
}

function probesUnderWay({ smoke }: Draft): Finding[] {
  const { interval, timeout } = smoke ?? {};
  if (interval === undefined || timeout === undefined || timeout <= interval * MOST_PROBES_UNDER_WAY)
    return [];
  const most = formatDuration(interval * MOST_PROBES_UNDER_WAY);
  const message = `must be at most ${most}, so that no more than ${MOST_PROBES_UNDER_WAY} probes are under way at an interval of ${formatDuration(interval)}; received ${formatDuration(timeout)}. Shorten it, or probe less often.`;
  return [{ path: ['smoke', 'timeout'], message }];
}

function hangingProbes({ smoke, detectWithin }: Draft): Finding[] {
  const timeout = smoke?.timeout;
  if (timeout === undefined || detectWithin === undefined || timeout < detectWithin) return [];
  const message = `must be shorter than detectWithin (${formatDuration(detectWithin)}), or a release that hangs is never seen to fail; received ${formatDuration(timeout)}.`;
  return [{ path: ['smoke', 'timeout'], message }];
}

function enoughSamples({ smoke, steadyState }: Draft): Finding[] {
  const interval = smoke?.interval;
  const { for: length, minimumSamples } = steadyState ?? {};
  if (interval === undefined || length === undefined || minimumSamples === undefined) return [];
  if (length >= minimumSamples * interval) return [];
  const message = `must be at least ${formatDuration(minimumSamples * interval)} (${minimumSamples} samples × ${formatDuration(interval)}); received ${formatDuration(length)}. Watch longer, probe more often or ask for fewer samples.`;
  return [{ path: ['steadyState', 'for'], message }];
}

function differentPaths({ rollback }: Draft): Finding[] {
  const paths = rollback?.paths ?? [];
  return repeated(paths).map((index) => ({
    path: ['rollback', 'paths', index],
    message: `must differ from the other paths; received "${paths[index]}" again. Remove it.`,
  }));
}

function pathsFitTarget({ target, rollback }: Draft): Finding[] {
  if (!target) return [];
  const kind = 'codepipeline' in target ? 'codepipeline' : 'ecs';
  return (rollback?.paths ?? []).flatMap((path, index) => {
    if (path === undefined || PATHS_OF[kind].includes(path)) return [];
    const message = `must fit the target ${kind}; received "${path}", allowed are ${PATHS_OF[kind].join(', ')}.`;
    return [{ path: ['rollback', 'paths', index], message }];
  });
}

function somePathIsOurs({ target, rollback }: Draft): Finding[] {
  const paths = rollback?.paths ?? [];
  if (paths.length === 0 || paths.some((path) => path !== 'automatic')) return [];
  const kind = target && 'codepipeline' in target ? 'codepipeline' : 'ecs';
  const others = anyOf(PATHS_OF[kind].filter((path) => path !== 'automatic'));
  const message = `must have a path beside automatic, which the drill cannot start itself. Add ${others}.`;
  return [{ path: ['rollback', 'paths'], message }];
}

function timeForGreens({ smoke, restored }: Draft): Finding[] {
  const interval = smoke?.interval;
  if (interval === undefined || restored?.within === undefined) return [];
  const greens = restored.greens ?? FEWEST_GREENS;
  if (restored.within >= greens * interval) return [];
  const message = `must be at least ${formatDuration(greens * interval)} (${greens} greens × ${formatDuration(interval)}); received ${formatDuration(restored.within)}. Wait longer, or probe more often.`;
  return [{ path: ['restored', 'within'], message }];
}

function differentValidations({ validations = [] }: Draft): Finding[] {
  return repeated(validations.map((validation) => validation?.name)).map((index) => ({
    path: ['validations', index, 'name'],
    message: `must differ from the names of the other validations; received "${validations[index]?.name}" again.`,
  }));
}

function startOfRate({ schedule }: Draft): Finding[] {
  if (!schedule?.expression || !isRate(schedule.expression) || 'start' in schedule) return [];
  return [
    {
      path: ['schedule', 'start'],
      message: 'is missing; a rate is counted from a start. Give one like 2026-11-03T09:00:00Z.',
    },
  ];
}

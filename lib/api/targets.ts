import { iso } from '../drill/clock.ts';
import { CLEAN_DRILLS_TO_GRADUATE } from '../drill/statistics/definitions.ts';
import type { KeptStatistics } from '../ports/statistics.ts';
import { readinessPage } from '../steps/answers/readiness.ts';
import { statisticsOf } from '../steps/answers/statistics.ts';
import { AsOf, nextOf, PAGE, pageAsked } from './asking.ts';
import { fields } from './fields.ts';
import { DrillList, ReadinessList, TargetList, TargetStatistics } from './forms.ts';
import { type Problem, problem } from './problem.ts';
import { json } from './reply.ts';
import { NOTHING, type Route, route } from './route.ts';

export const TARGET_ROUTES: readonly Route[] = [
  route({
    operation: 'listTargets',
    method: 'GET',
    path: '/targets',
    summary: 'The targets that were drilled, by their names.',
    query: fields(PAGE),
    body: NOTHING,
    success: { status: 200, description: 'A page of targets.', schema: TargetList },
    problems: ['unavailable'],
    async answer({ statistics }, { query }) {
      const asked = pageAsked('targets', query);
      if (asked.kind === 'problem') return asked;
      const { items, next } = await statistics.page(asked.value);
      return json({ items: items.map(targetIn), next: nextOf('targets', next) });
    },
  }),
  route({
    operation: 'readStatistics',
    method: 'GET',
    path: '/targets/{target}/statistics',
    summary: 'How fast and how reliably a target rolls back; durations in milliseconds.',
    query: fields({ asOf: AsOf }),
    body: NOTHING,
    success: { status: 200, description: 'Figures of all its drills.', schema: TargetStatistics },
    problems: ['not-found', 'unavailable'],
    async answer(ports, { path: { target }, query: { asOf = ports.clock.now() } }) {
      const answer = await statisticsOf(ports, { target, asOf });
      return answer ? json(answer) : unknownTarget(target);
    },
  }),
  route({
    operation: 'listDrills',
    method: 'GET',
    path: '/targets/{target}/drills',
    summary: 'The drills of a target, the newest first; open and refused ones, too.',
    query: fields(PAGE),
    body: NOTHING,
    success: { status: 200, description: 'A page of drills.', schema: DrillList },
    problems: ['not-found', 'unavailable'],
    async answer({ drills, statistics }, { path: { target }, query }) {
      const list = `drills of ${target}`;
      const asked = pageAsked(list, query);
      if (asked.kind === 'problem') return asked;
      const { items, next } = await drills.page(target, asked.value);
      if (items.length === 0 && asked.value.after === null && isNothing(await statistics.read(target)))
        return unknownTarget(target);
      return json({ items, next: nextOf(list, next) });
    },
  }),
  route({
    operation: 'readReadiness',
    method: 'GET',
    path: '/readiness',
    summary: 'Which targets are ready for a rollback, and which must be drilled again.',
    query: fields({ ...PAGE, asOf: AsOf }),
    body: NOTHING,
    success: { status: 200, description: 'A page of targets.', schema: ReadinessList },
    problems: ['unavailable'],
    async answer(ports, { query: { asOf = ports.clock.now(), ...page } }) {
      const asked = pageAsked('readiness', page);
      if (asked.kind === 'problem') return asked;
      const { items, next } = await readinessPage(ports, asked.value, asOf);
      return json({ asOf: iso(asOf), items, next: nextOf('readiness', next) });
    },
  }),
];

function targetIn({ target, statistics }: KeptStatistics) {
  const last = statistics?.recent.at(-1);
  return {
    target,
    drills: statistics?.receipts ?? 0,
    lastDrill: last ? { number: last.number, outcome: last.outcome, startedAt: last.startedAt } : null,
    graduated: (statistics?.cleanInARow ?? 0) >= CLEAN_DRILLS_TO_GRADUATE,
  };
}

function isNothing({ statistics, production }: KeptStatistics): boolean {
  return statistics === null && production.countedSince === null;
}

function unknownTarget(target: string): Problem {
  return problem(
    'not-found',
    `Nothing is known of target ${target}. Targets are named like ecs:CLUSTER/SERVICE; GET /targets tells those there are.`,
  );
}

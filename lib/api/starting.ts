import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { drillIdAt } from '../drill/drill-id.ts';
import type { Vouched } from '../drill/people/identity.ts';
import { textOf } from './asking.ts';
import { fields, invalid, shown } from './fields.ts';
import { Started } from './forms.ts';
import { type Problem, problem } from './problem.ts';
import { json } from './reply.ts';
import { type Route, route } from './route.ts';
import { nameOf } from './running.ts';

const LONGEST_NAME = 100;

export const STARTING_ROUTES: readonly Route[] = [
  route({
    operation: 'startDrill',
    method: 'POST',
    path: '/drills',
    summary:
      'Starts a drill of a deployed plan. With an Idempotency-Key, sending it again does not start another one.',
    query: fields({}),
    body: fields({ plan: textOf(LONGEST_NAME), knownBad: v.optional(textOf(LONGEST_NAME)) }),
    headers: { 'idempotency-key': 'The same key of the same caller stands for the same drill.' },
    success: {
      status: 202,
      description: 'The drill is being started; Location tells where it is.',
      schema: Started,
    },
    problems: ['conflict', 'unavailable'],
    async answer({ plans, starts, clock }, { body, headers, caller }) {
      const plan = await plans.load(body.plan);
      if (!plan) return wrong('plan', `is no deployed plan; received ${shown(body.plan)}`);
      const { knownBad = plan.knownBad.default } = body;
      if (!Object.hasOwn(plan.knownBad.releases, knownBad)) {
        const allowed = Object.keys(plan.knownBad.releases).join(', ');
        return wrong('knownBad', `is no known-bad release of the plan; allowed: ${allowed}`);
      }
      const key = headers['idempotency-key'];
      if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) return wrongKey();
      const id = drillIdAt(plan.name, key === undefined ? clock.now() : keyedBy(caller, key));
      const by = nameOf(caller);
      const location = `/drills/${id}`;
      if ((await starts.start(id, { plan: plan.name, knownBad, startedBy: by })) === 'taken')
        return problem(
          'conflict',
          `Drill ${id} was started before, and is over or was started for something else.`,
          { headers: { location } },
        );
      return json({ drill: id, plan: plan.name, knownBad, by }, 202, { location });
    },
  }),
];

/** The same key of the same caller stands for the same drill. */
function keyedBy(caller: Vouched, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([nameOf(caller), key]))
    .digest('hex')
    .slice(0, 20);
}

function wrong(field: string, message: string): Problem {
  return invalid([{ in: 'body', field, message }]);
}

function wrongKey(): Problem {
  const message = 'must be 1 to 200 printable characters without spaces';
  return invalid([{ in: 'header', field: 'idempotency-key', message }]);
}

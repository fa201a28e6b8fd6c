import * as v from 'valibot';
import { starterOf, type Vouched } from '../drill/people/identity.ts';
import type { Drill } from '../ports/drills.ts';
import { abort } from '../steps/abort.ts';
import { approve } from '../steps/approve.ts';
import { decide } from '../steps/decide.ts';
import { reportTrigger } from '../steps/report-trigger.ts';
import { Duration, Reason, textOf } from './asking.ts';
import { fields, invalid } from './fields.ts';
import { Aborted, Approved, Decided, Reported } from './forms.ts';
import { problem } from './problem.ts';
import { json } from './reply.ts';
import { type Route, route } from './route.ts';
import { identified, nameOf, runningDrill } from './running.ts';

/* What people do in a running drill. Who they are, the signature of the request says, and nothing else. */

const LONGEST_NAME = 100;
const NO_REASON = 'no reason given';

export const PEOPLE_ROUTES: readonly Route[] = [
  route({
    operation: 'reportTrigger',
    method: 'POST',
    path: '/drills/{id}/triggers',
    summary: 'Reports a trigger that the plan lets a person observe.',
    query: fields({}),
    body: fields({ name: textOf(LONGEST_NAME), reason: v.optional(Reason) }),
    success: { status: 200, description: 'What became of the report.', schema: Reported },
    problems: ['not-found', 'conflict', 'unavailable'],
    async answer(ports, { path: { id }, body: { name, reason }, caller }) {
      const who = identified(caller);
      if (who.kind === 'problem') return who;
      const found = await runningDrill(ports, id);
      if (found.kind === 'problem') return found;
      const by = who.identity;
      const evidence = reason ?? `reported by ${by.name}, without a reason`;
      const reported = await reportTrigger(ports, id, { name, by, evidence });
      if (reported.kind === 'refused') return problem('conflict', reported.reason);
      return json({ drill: id, by: by.name, ...reported });
    },
  }),
  route({
    operation: 'approveDrill',
    method: 'POST',
    path: '/drills/{id}/approvals',
    summary: 'Approves a drill that waits for approvals: its plan, on the revision of its target.',
    query: fields({}),
    body: fields({ planDigest: v.optional(textOf(LONGEST_NAME)), revision: v.optional(Reason) }),
    success: { status: 200, description: 'The approval counts.', schema: Approved },
    problems: ['not-found', 'conflict', 'unavailable'],
    async answer(ports, { path: { id }, body: { planDigest: digest, revision }, caller }) {
      const found = await runningDrill(ports, id);
      if (found.kind === 'problem') return found;
      const { kind, ...told } = await approve(ports, id, { by: caller, digest, revision });
      if (kind === 'approved') return json({ drill: id, by: nameOf(caller), kind, ...told });
      return problem(mayNever(caller, found.drill) ? 'forbidden' : 'conflict', told.reason);
    },
  }),
  route({
    operation: 'decideRollback',
    method: 'POST',
    path: '/drills/{id}/decision',
    summary:
      'Answers a drill that asks whether to roll back: now, or hold it for as long as the plan allows.',
    query: fields({}),
    body: fields({
      decision: v.picklist(['roll-back', 'hold'], 'is neither roll-back nor hold'),
      for: v.optional(Duration),
      reason: v.optional(Reason, NO_REASON),
    }),
    success: { status: 200, description: 'The decision stands.', schema: Decided },
    problems: ['not-found', 'conflict', 'unavailable'],
    async answer(ports, { path: { id }, body: { decision, for: forMs, reason }, caller }) {
      if (decision === 'roll-back' && forMs !== undefined)
        return invalid([{ in: 'body', field: 'for', message: 'goes with hold: it says how long to hold' }]);
      const who = identified(caller);
      if (who.kind === 'problem') return who;
      const found = await runningDrill(ports, id);
      if (found.kind === 'problem') return found;
      const word = decision === 'hold' ? ({ kind: 'hold', forMs: forMs ?? null } as const) : ROLL_BACK;
      const decided = await decide(ports, id, { by: who.identity, word, reason });
      if (decided.kind === 'refused') return problem('conflict', decided.reason);
      return json({ drill: id, by: who.identity.name, ...decided });
    },
  }),
  route({
    operation: 'abortDrill',
    method: 'POST',
    path: '/drills/{id}/abort',
    summary: 'Ends a running drill at any moment: what it has deployed is taken back first.',
    query: fields({}),
    body: fields({ reason: v.optional(Reason, NO_REASON) }),
    success: { status: 202, description: 'The drill ends.', schema: Aborted },
    problems: ['not-found', 'conflict', 'unavailable'],
    async answer(ports, { path: { id }, body, caller }) {
      const found = await runningDrill(ports, id);
      if (found.kind === 'problem') return found;
      const by = nameOf(caller);
      const aborted = await abort(ports, id, { by, reason: `aborted by ${by}: ${body.reason}` });
      return json({ drill: id, by, kind: 'aborted', ...aborted }, 202);
    },
  }),
];

const ROLL_BACK = { kind: 'roll-back' } as const;

/** Whether the approval of this caller could not count at any time. */
function mayNever(caller: Vouched, { opened }: Drill): boolean {
  if (caller.kind === 'refused') return true;
  const starter = starterOf(opened.startedBy);
  return starter.kind === 'person' && starter.name === caller.identity.name;
}

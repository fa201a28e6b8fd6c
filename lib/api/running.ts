import type { Identity, Vouched } from '../drill/people/identity.ts';
import type { Drill } from '../ports/drills.ts';
import { findDrill } from '../steps/answers/drill.ts';
import { type Problem, problem } from './problem.ts';
import type { ApiPorts } from './route.ts';

/** The drill that a person takes part in. */
export async function runningDrill(
  ports: Pick<ApiPorts, 'journal' | 'receipts'>,
  id: string,
): Promise<{ readonly kind: 'running'; readonly drill: Drill } | Problem> {
  const found = await findDrill(ports, id);
  if (!found) return unknownDrill(id);
  if (found.kind === 'running') return found;
  const { outcome } = found.record;
  return problem(
    'conflict',
    `Drill ${id} is over: ${outcome}. GET /drills/${id}/receipt tells what came of it.`,
  );
}

export function unknownDrill(id: string): Problem {
  return problem(
    'not-found',
    `There is no drill ${id}. GET /targets/TARGET/drills tells the drills of a target; one that was started just now may need a moment.`,
  );
}

/** Who calls, as far as the organisation vouches for it. */
export function identified(
  caller: Vouched,
): { readonly kind: 'identified'; readonly identity: Identity } | Problem {
  return caller.kind === 'vouched'
    ? { kind: 'identified', identity: caller.identity }
    : problem('forbidden', caller.reason);
}

/** How the caller is named where nobody has to vouch for it. */
export function nameOf(caller: Vouched): string {
  return caller.kind === 'vouched' ? caller.identity.name : caller.arn;
}

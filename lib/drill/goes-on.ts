import { iso } from './clock.ts';
import type { Entry, EntryOf } from './entry.ts';
import { entriesOf } from './journal.ts';
import { OVERHEAD_MS } from './limits.ts';
import { openUntil } from './people/decision.ts';
import type { Plan } from './plan/plan.ts';
import { standingRestored } from './receipt.ts';

/**
 * Until when a drill whose deadline has passed is left alone, with the reason; `null` when it is to be taken over. It is slow
 * and not dead while a person has time to decide, or while it is restored and its state is within its own limit.
 */
export function goesOnUntil(
  journal: readonly Entry[],
  plan: Plan,
  now: number,
): { readonly until: string; readonly reason: string } | null {
  const asked = openUntil(journal);
  const decides = asked === null ? null : iso(Date.parse(asked) + OVERHEAD_MS);
  if (decides !== null && decides > iso(now))
    return { until: decides, reason: `a person has until ${asked} to decide` };
  const step = entriesOf(journal, 'step').at(-1);
  if (!step || !standingRestored(journal)) return null;
  const until = iso(Date.parse(step.enteredAt) + limitOf(step, plan));
  if (until <= iso(now)) return null;
  return { until, reason: `the target is restored, and ${step.name} has until ${until}` };
}

function limitOf({ name }: EntryOf<'step'>, plan: Plan): number {
  if (name === 'Stabilise') return plan.stabiliseMs + OVERHEAD_MS;
  if (name === 'UndoMigration') return (plan.migration?.withinMs ?? 0) + OVERHEAD_MS;
  if (name === 'Validate')
    return Math.max(0, ...plan.validations.map(({ timeoutMs }) => timeoutMs)) + OVERHEAD_MS;
  return OVERHEAD_MS;
}

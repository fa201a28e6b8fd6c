import type { Entry } from '../drill/entry.ts';
import { entriesOf } from '../drill/journal.ts';
import type { Phase } from '../drill/states.ts';
import type { ObservedTrigger } from '../drill/trigger.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { observe } from './observe.ts';

/** Phases in which a trigger says something. */
export const AFTER_DEPLOYMENT: ReadonlySet<Phase> = new Set([
  'awaiting-trigger',
  'deciding',
  'rolling-back',
  'restoring',
  'stabilising',
]);

/** Stores triggers that were observed: the first that asks for a rollback wins and ends the wait, the others are kept beside it. */
export async function reportTriggers(
  { waits, journal }: Pick<Ports, 'waits' | 'journal'>,
  drill: Drill,
  observed: readonly ObservedTrigger[],
): Promise<void> {
  if (!AFTER_DEPLOYMENT.has(drill.phase)) return;
  const known = new Set(entriesOf(drill.journal, 'trigger').map((entry) => entry.trigger.name));
  const fresh = observed
    .filter((trigger) => !known.has(trigger.name))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  for (const trigger of fresh) {
    const signal = { kind: 'trigger', reason: `${trigger.name}: ${trigger.evidence}` };
    const first =
      rollsBack(drill, trigger) &&
      drill.phase === 'awaiting-trigger' &&
      (await waits.signal(drill, 'AwaitTrigger', signal, [entry(trigger, true)]));
    if (!first) await observe({ journal }, drill, [entry(trigger, false)]);
  }
}

function rollsBack(drill: Drill, { name }: ObservedTrigger): boolean {
  return drill.plan.triggers.some((trigger) => trigger.name === name && trigger.action === 'roll-back');
}

/** One entry a trigger: reported again, by whomever, it changes nothing. */
function entry(trigger: ObservedTrigger, won: boolean): Entry {
  return { kind: 'trigger', key: `trigger/${trigger.name}`, won, trigger };
}

import type { Entry, EntryKind, Opened } from './entry.ts';
import type { Plan } from './plan/plan.ts';

/**
 * What restoring needs of a drill, kept where the deadline is kept: when the stores cannot be reached, the watchdog works
 * from it. Its journal goes on with what is done then, until the stores take it over.
 */
export interface Emergency {
  readonly opened: Opened;
  /** Without validations and side effects: they wait for the stores. */
  readonly plan: Plan;
  readonly journal: readonly Entry[];
}

/** What a schedule of EventBridge can carry, less the frame around it. */
export const LARGEST_EMERGENCY_BYTES = 255 * 1024;

/** Of these restoring knows what ran, what to call, and what it has called before. */
const NEEDED: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'captured',
  'steady-state',
  'numbered',
  'call',
  'known-bad-deployed',
  'mark',
  'path',
  'migration-undone',
  'restored',
  'restored-voided',
  'taken-over',
  'overtaken',
  'not-restored',
  'paged',
  'gap',
]);

export function emergencyOf(drill: {
  readonly opened: Opened;
  readonly plan: Plan;
  readonly journal: readonly Entry[];
}): Emergency {
  const { opened, plan, journal } = drill;
  return {
    opened,
    plan: { ...plan, validations: [], sideEffects: [] },
    journal: journal.filter(({ kind }) => NEEDED.has(kind)),
  };
}

export function bytesOf(emergency: Emergency): number {
  return new TextEncoder().encode(JSON.stringify(emergency)).length;
}

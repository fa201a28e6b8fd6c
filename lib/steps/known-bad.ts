import type { KnownBad } from '../drill/plan/plan.ts';
import type { PlanFacts } from '../drill/receipt.ts';
import type { Drill } from '../ports/drills.ts';

/** The known-bad release that this drill deploys. */
export function knownBadOf({ opened, plan }: Pick<Drill, 'opened' | 'plan'>): KnownBad {
  return plan.knownBad.releases[opened.knownBad] as KnownBad;
}

/** The identity by which the smoke probe would recognise it. */
export function knownBadIdentity(drill: Pick<Drill, 'opened' | 'plan'>): string {
  return knownBadOf(drill).release;
}

export function planFacts(drill: Drill): PlanFacts {
  const { tier, validations, sideEffects, triggers, knownBad, migration, smoke } = drill.plan;
  const caughtBy = Object.fromEntries(
    Object.entries(knownBad.releases).flatMap(([name, release]) =>
      release.caughtBy ? [[name, release.caughtBy]] : [],
    ),
  );
  const detection = { triggers, knownBad: drill.opened.knownBad, caughtBy };
  const probing = { intervalMs: smoke.intervalMs, timeoutMs: smoke.timeoutMs };
  const facts = {
    tier,
    validations,
    sideEffects,
    detection,
    probing,
    knownBadIdentity: knownBadIdentity(drill),
  };
  return migration ? { ...facts, migration } : facts;
}

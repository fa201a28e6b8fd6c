import { iso } from '../../lib/drill/clock.ts';
import type { Entry, Opened } from '../../lib/drill/entry.ts';
import { receiptFrom, type UnsealedReceipt } from '../../lib/drill/receipt.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Holder, Journal } from '../../lib/ports/drills.ts';
import { planWith } from '../fixtures/plan.ts';
import { goodDrill, PLAN } from '../lib/drill/fixtures/journal.ts';

export const PLAN_OF_DRILLS = planWith();

let drills = 0;

/** A target that no other test knows. */
export function newTarget(): string {
  drills += 1;
  return `ecs:demo/shop-${drills}`;
}

export function openedDrill(target = newTarget()): Opened {
  drills += 1;
  const drillId = `drill-${drills}`;
  return {
    drillId,
    at: iso(Date.parse('2026-11-03T10:00:00.000Z') + drills),
    plan: { name: 'shop', digest: 'sha256:feed' },
    target,
    knownBad: 'v5-bad',
    startedBy: 'ana',
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:drill:${drillId}`,
  };
}

/** Opens the journal of a new drill. */
export async function observerOf(journal: Journal, target?: string): Promise<Holder> {
  const opened = openedDrill(target);
  await journal.open(opened, PLAN_OF_DRILLS);
  return { opened, fence: null };
}

export function note(key: string, reason = key): Entry {
  return { kind: 'overtaken', key, reason };
}

export function unsealed({ drillId, target }: Opened, number: number): UnsealedReceipt {
  return { ...receiptFrom(goodDrill(), PLAN), id: drillId, target, number };
}

export function recordOf({ drillId, target, plan, startedBy, at }: Opened): DrillRecord {
  return {
    schema: 'rollback-drill/record/v1',
    id: drillId,
    number: null,
    target,
    plan,
    startedBy,
    startedAt: at,
    outcome: 'refused',
    approvals: [],
    people: [],
    reasons: ['lock: it is held'],
    guardrails: [],
  };
}

/** How many times each answer came. */
export function counted<T>(answers: readonly T[]): ReadonlyMap<T, number> {
  return new Map(
    [...Map.groupBy(answers, (answer) => answer)].map(([answer, same]) => [answer, same.length]),
  );
}

export function nameOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'no error',
    (error: Error) => error.name,
  );
}

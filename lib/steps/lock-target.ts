import type { Entry } from '../drill/entry.ts';
import { fenceOf, fenceText } from '../drill/fence.ts';
import { lastOf } from '../drill/journal.ts';
import { LEASE_MS } from '../drill/limits.ts';
import type { Drill } from '../ports/drills.ts';
import type { HeldLock, LockAttempt } from '../ports/locks.ts';
import type { Ports } from '../ports/ports.ts';
import type { Receipts } from '../ports/receipts.ts';
import type { TargetFor } from '../ports/target.ts';
import type { Decision, StepInput } from './input.ts';
import { enter } from './step.ts';

type LockPorts = Pick<Ports, 'journal' | 'locks'> & {
  readonly receipts: Pick<Receipts, 'find'>;
  readonly target: TargetFor<'resources'>;
};

/** Takes the lease on everything that the drill may touch, or nothing, and says who holds it. */
export async function lockTarget(ports: LockPorts, input: StepInput): Promise<Decision> {
  const drill = await enter(ports, 'LockTarget', input);
  const locked: Entry[] = [];
  // Always in the same order: two drills that need the same locks never hold one half each.
  for (const resource of (await ports.target(drill.plan).resources()).toSorted()) {
    const attempt = await acquire(ports, resource, input.drillId);
    if (attempt.kind === 'held') return refuse(ports, drill, locked, attempt.reason);
    locked.push({ kind: 'locked', key: `locked/${resource}`, resource, fence: attempt.fence });
  }
  await ports.journal.append(drill, locked);
  return { kind: 'locked', reason: `fence ${fenceText(fenceOf(locked))}` };
}

type Acquired = Extract<LockAttempt, { kind: 'locked' }> | { readonly kind: 'held'; readonly reason: string };

async function acquire(ports: LockPorts, resource: string, drillId: string): Promise<Acquired> {
  const first = await ports.locks.acquire(resource, drillId, LEASE_MS);
  const attempt = first.kind === 'held' ? await instead(ports, resource, first, drillId) : first;
  if (attempt.kind === 'locked') return attempt;
  const held = `${resource} is held by drill ${attempt.by} since ${attempt.since}`;
  if (!attempt.hasExpired)
    return { kind: 'held', reason: `${held}, until ${attempt.until} unless it is renewed` };
  const remedy = `'drill recover' finishes it`;
  return {
    kind: 'held',
    reason: `${held}; it died (its lease ran out at ${attempt.until}) and its target may not be restored: ${remedy}`,
  };
}

/**
 * A sealed drill does nothing more: its lock is released for it. One whose lease ran out before it was numbered has touched
 * nothing, and can touch nothing once its fence is raised. One that died later is its watchdog's to finish.
 */
async function instead(
  { locks, journal, receipts }: LockPorts,
  resource: string,
  held: HeldLock & { readonly kind: 'held' },
  drillId: string,
): Promise<LockAttempt> {
  if (await receipts.find(held.by)) {
    await locks.release(resource, held.by);
    return locks.acquire(resource, drillId, LEASE_MS);
  }
  if (!held.hasExpired) return held;
  const holder = await journal.read(held.by);
  return lastOf(holder.journal, 'numbered') ? held : locks.takeOver(resource, held, drillId, LEASE_MS);
}

async function refuse(
  { journal, locks }: LockPorts,
  drill: Drill,
  taken: readonly Entry[],
  reason: string,
): Promise<Decision> {
  for (const entry of taken)
    if (entry.kind === 'locked') await locks.release(entry.resource, drill.opened.drillId);
  await journal.append(drill, [{ kind: 'refused', key: 'refused/lock', by: 'lock', reason }]);
  return { kind: 'refused', reason };
}

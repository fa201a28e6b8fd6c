import { leaseMs } from '../drill/limits.ts';
import type { LockAttempt, Ports } from '../ports.ts';
import type { Decision, StepInput } from './input.ts';
import { enter } from './step.ts';

type LockPorts = Pick<Ports, 'journal' | 'locks' | 'receipts' | 'target'>;

/** Takes the lease on everything that the drill may touch, or says who holds it. */
export async function lockTarget(ports: LockPorts, input: StepInput): Promise<Decision> {
  const drill = await enter(ports, 'LockTarget', input);
  const { resource } = ports.target(drill.plan);
  const attempt = await acquire(ports, resource, input.drillId, leaseMs(drill.plan));
  if (attempt.kind === 'held') {
    const reason = `${resource} is held by drill ${attempt.by} since ${attempt.since}, until ${attempt.until} at the latest`;
    await ports.journal.append(drill, [{ kind: 'refused', key: 'refused/lock', by: 'lock', reason }]);
    return { kind: 'refused', reason };
  }
  await ports.journal.append(drill, [{ kind: 'locked', key: 'locked', resource, fence: attempt.fence }]);
  return { kind: 'locked', reason: `fence ${attempt.fence}` };
}

/** A drill that is sealed does nothing more: a lock that it did not come to release is released for it. */
async function acquire(
  { locks, receipts }: LockPorts,
  resource: string,
  drillId: string,
  leaseMs: number,
): Promise<LockAttempt> {
  const attempt = await locks.acquire(resource, drillId, leaseMs);
  if (attempt.kind === 'locked' || !(await receipts.find(attempt.by))) return attempt;
  await locks.release(resource, attempt.by);
  return locks.acquire(resource, drillId, leaseMs);
}

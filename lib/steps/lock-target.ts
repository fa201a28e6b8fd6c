import { leaseMs } from '../drill/limits.ts';
import type { Ports } from '../ports.ts';
import type { Decision, StepInput } from './input.ts';
import { enter } from './step.ts';

/** Takes the lease on everything that the drill may touch, or says who holds it. */
export async function lockTarget(
  ports: Pick<Ports, 'journal' | 'locks' | 'target'>,
  input: StepInput,
): Promise<Decision> {
  const drill = await enter(ports, 'LockTarget', input);
  const { resource } = ports.target(drill.plan);
  const attempt = await ports.locks.acquire(resource, input.drillId, leaseMs(drill.plan));
  if (attempt.kind === 'held') {
    const reason = `${resource} is held by drill ${attempt.by} since ${attempt.since}, until ${attempt.until} at the latest`;
    await ports.journal.append(drill, [{ kind: 'refused', key: 'refused/lock', by: 'lock', reason }]);
    return { kind: 'refused', reason };
  }
  await ports.journal.append(drill, [{ kind: 'locked', key: 'locked', resource, fence: attempt.fence }]);
  return { kind: 'locked', reason: `fence ${attempt.fence}` };
}

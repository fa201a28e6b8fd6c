import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/journal.ts';
import type { Ports } from '../ports.ts';
import { type Decision, isUndetected, type StepInput } from './input.ts';
import { arrive } from './step.ts';

/** Decides to roll back: on a trigger, on an abort, on a fault, and when the bad release went undetected. */
export async function decideRollback(
  ports: Pick<Ports, 'clock' | 'journal'>,
  input: StepInput,
): Promise<Decision> {
  const { drill, entries } = await arrive(ports, 'DecideRollback', input);
  const reason = reasonFor(input.previous);
  const decided: Entry = {
    kind: 'mark',
    key: 'mark/rollbackDecided',
    mark: 'rollbackDecided',
    at: iso(ports.clock.now()),
    source: 'orchestrator',
    evidence: reason,
  };
  const undetected: readonly Entry[] = isUndetected(input.previous)
    ? [
        {
          kind: 'undetected',
          key: 'undetected',
          reason: `no trigger fired within ${drill.plan.detectWithinMs} ms`,
        },
      ]
    : [];
  await Promise.all([
    ports.journal.append(drill, [...entries, decided, ...undetected]),
    ports.journal.enter(input.drillId, 'rolling-back'),
  ]);
  return { kind: 'roll-back', reason };
}

function reasonFor(previous: StepInput['previous']): string {
  if (isUndetected(previous)) return 'the bad release went undetected';
  if (previous.kind === 'fault') return `${previous.state} broke: ${previous.error}`;
  return `${previous.kind}: ${previous.reason ?? ''}`;
}

import { entriesOf, rollbacksOf } from '../drill/journal.ts';
import { decisionWait } from '../drill/people/decision.ts';
import type { TargetState } from '../drill/target.ts';
import { firedByTarget } from '../drill/witness/fired.ts';
import type { Drill, Ports } from '../ports.ts';
import { reportTriggers } from './report-triggers.ts';

/** The wait of the rollback that is under way. */
export function restoredWait(drill: Drill): string {
  return `AwaitRestored/${rollbacksOf(drill.journal)}`;
}

/** Tells the waiting state what the control plane shows. Whoever reads the control plane calls this: events, witness, steps. */
export async function reportTarget(
  ports: Pick<Ports, 'waits' | 'journal'>,
  drill: Drill,
  state: TargetState,
): Promise<void> {
  await reportTriggers(ports, drill, firedByTarget(drill.plan.triggers, state));
  if (drill.phase === 'awaiting-trigger' && state.desired === 'other') {
    await ports.waits.signal(drill, 'AwaitTrigger', { kind: 'overtaken', reason: state.summary }, []);
  }
  if (drill.phase === 'deciding') await reportDeciding(ports, drill, state);
  if (drill.phase === 'restoring') await reportRestoring(ports, drill, state);
}

/** Where the target has gone back by itself, or to somebody else's release, there is nothing left to ask about. */
async function reportDeciding(
  { waits }: Pick<Ports, 'waits'>,
  drill: Drill,
  { desired, summary: reason }: TargetState,
): Promise<void> {
  if (desired === 'known-bad') return;
  const kind = desired === 'other' ? 'overtaken' : 'rolled-back';
  await waits.signal(drill, decisionWait(drill.journal), { kind, reason }, []);
}

async function reportRestoring(ports: Pick<Ports, 'waits'>, drill: Drill, state: TargetState): Promise<void> {
  const signal = restoringSignal(drill, state);
  if (signal) await ports.waits.signal(drill, restoredWait(drill), signal, []);
}

function restoringSignal(drill: Drill, state: TargetState): { kind: string; reason: string } | undefined {
  if (state.desired === 'other') return { kind: 'overtaken', reason: state.summary };
  const deployment = state.knownBadDeployment;
  const path = entriesOf(drill.journal, 'path').at(-1)?.path;
  const byDeployment = path === 'automatic' || path === 'ecs-stop-deployment';
  if (byDeployment && deployment?.status === 'rollback-failed')
    return { kind: 'failed', reason: `${deployment.id}: ${deployment.statusReason}` };
  return undefined;
}

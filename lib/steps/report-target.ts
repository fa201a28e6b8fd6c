import { entriesOf, rollbacksOf } from '../drill/journal.ts';
import { rollsTheDeploymentBack } from '../drill/path.ts';
import { decisionWait } from '../drill/people/decision.ts';
import type { TargetState } from '../drill/target.ts';
import { firedByTarget } from '../drill/witness/fired.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { reportTriggers } from './report-triggers.ts';
import { stabiliseWait } from './stabilise.ts';

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
  if (drill.phase === 'awaiting-trigger' && isOvertaken(state)) {
    await ports.waits.signal(drill, 'AwaitTrigger', { kind: 'overtaken', reason: state.summary }, []);
  }
  if (drill.phase === 'stabilising' && state.desired === 'other') await reportQuiet(ports, drill, state);
  if (drill.phase === 'deciding') await reportDeciding(ports, drill, state);
  if (drill.phase === 'restoring') await reportRestoring(ports, drill, state);
}

/** Somebody has deployed something else, or has gone back by hand before this drill did. */
function isOvertaken({ desired, knownBadDeployment: deployment }: TargetState): boolean {
  if (desired === 'other') return true;
  // A deployment that is under way still steers to the known-bad release: what says otherwise was read too early.
  if (desired === 'known-bad' || !deployment || deployment.status === 'under-way') return false;
  return !deployment.rollback?.automatic && deployment.failedAt === null;
}

/** Whoever deploys in the quiet period ends it: what is watched is no longer what was restored. */
async function reportQuiet(
  { waits }: Pick<Ports, 'waits'>,
  drill: Drill,
  { summary: reason }: TargetState,
): Promise<void> {
  const entry = { kind: 'overtaken', key: 'overtaken', reason } as const;
  await waits.signal(drill, stabiliseWait(drill), { kind: 'overtaken', reason }, [entry]);
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
  const byDeployment = path === 'automatic' || (path !== undefined && rollsTheDeploymentBack(path));
  if (byDeployment && deployment?.status === 'rollback-failed')
    return { kind: 'failed', reason: `${deployment.id}: ${deployment.statusReason}` };
  return undefined;
}

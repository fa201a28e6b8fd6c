import { iso } from '../drill/clock.ts';
import type { Captured } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Deployment, TargetFor } from '../ports/target.ts';
import type { Decision, StepInput } from './input.ts';
import { knownBadOf } from './known-bad.ts';
import { enter } from './step.ts';

/** Starts the known-bad release by the target's own path. Run again, it finds what an earlier run has started. */
export async function deployKnownBad(
  ports: Pick<Ports, 'clock' | 'journal'> & {
    readonly target: TargetFor<'deployCommand' | 'deployKnownBad'>;
  },
  input: StepInput,
): Promise<Decision> {
  const drill = await enter(ports, 'DeployKnownBad', input);
  if (drill.abort) return { kind: 'aborted', reason: drill.abort.reason };
  const captured = lastOf(drill.journal, 'captured') as Captured;
  const target = ports.target(drill.plan);
  const command = target.deployCommand(captured, knownBadOf(drill));
  await ports.journal.append(drill, [
    {
      kind: 'call',
      key: `call/DeployKnownBad/${entriesOf(drill.journal, 'call').length}`,
      state: 'DeployKnownBad',
      command,
      at: iso(ports.clock.now()),
    },
  ]);
  const deployment = await target.deployKnownBad(captured, knownBadOf(drill), input.drillId);
  await recordDeployed(ports, drill, deployment);
  return { kind: 'deployed', reason: deployment.deployed.deployment };
}

async function recordDeployed(
  { journal }: Pick<Ports, 'journal'>,
  drill: Drill,
  { deployed, acceptedAt, source }: Deployment,
): Promise<void> {
  const evidence =
    source === 'api'
      ? `${deployed.deployment}, read back`
      : `reply to the call that started ${deployed.deployment}`;
  await journal.append(drill, [
    { kind: 'known-bad-deployed', key: 'known-bad-deployed', ...deployed },
    {
      kind: 'mark',
      key: 'mark/badDeployStarted',
      mark: 'badDeployStarted',
      at: acceptedAt,
      source,
      evidence,
    },
  ]);
  await journal.enter(drill.opened.drillId, 'awaiting-trigger');
}

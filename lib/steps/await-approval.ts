import { approvalsAsked } from '../drill/people/approval.ts';
import { formatDuration } from '../drill/plan/duration.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { WaitInput } from './input.ts';
import { settleApprovals } from './settle-approvals.ts';
import { enter } from './step.ts';

/** Asks the people whom the plan wants to approve the drill, and waits for them. A plan that asks nobody goes on at once. */
export async function awaitApproval(
  ports: Pick<Ports, 'announcer' | 'journal' | 'waits'>,
  input: WaitInput,
): Promise<void> {
  const drill = await enter(ports, 'AwaitApproval', input);
  await ports.waits.open(input.drillId, 'AwaitApproval', input.token);
  const asked = approvalsAsked(drill, input.enteredAt);
  if (!asked) {
    const signal = { kind: 'approved', reason: 'the plan asks for no approval' };
    await ports.waits.signal(drill, 'AwaitApproval', signal, [
      { kind: 'approval', key: 'approval', verdict: 'not-required' },
    ]);
    return;
  }
  await ports.journal.append(drill, [{ kind: 'approval-asked', key: 'approval-asked', ...asked }]);
  await ports.journal.enter(input.drillId, 'awaiting-approval');
  // An abort, or the last approval, may have come while the state was entered again.
  await settleApprovals(ports, await ports.journal.read(input.drillId));
  await ask(ports, drill, asked.people);
}

async function ask({ announcer }: Pick<Ports, 'announcer'>, drill: Drill, people: number): Promise<void> {
  const { drillId, target, knownBad, plan } = drill.opened;
  const within = formatDuration(drill.plan.guardrails.approvals?.withinMs ?? 0);
  const message = [
    `Drill ${drillId} deploys the known-bad release ${knownBad} on ${target} (plan ${plan.name}, ${plan.digest}).`,
    `${people} people must approve it within ${within}, each by a call of their own:`,
    `  drill approve ${drillId}`,
    'Without them nothing is touched, and the drill is refused.',
  ].join('\n');
  await announcer.announce(drill.plan, `Approval asked for: rollback drill of ${target}`, message);
}

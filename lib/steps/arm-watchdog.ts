import { bytesOf, emergencyOf, LARGEST_EMERGENCY_BYTES } from '../drill/emergency.ts';
import { type Check, judged, refusals } from '../drill/guardrails/check.ts';
import { lastOf } from '../drill/journal.ts';
import { drillLimitMs, LEASE_MS } from '../drill/limits.ts';
import { standingApprovals } from '../drill/people/approval.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Receipts } from '../ports/receipts.ts';
import type { TargetFor } from '../ports/target.ts';
import { guardrail } from './check-guardrails.ts';
import { checkAll, type GuardrailPorts } from './guardrails.ts';
import type { Decision, StepInput } from './input.ts';
import { knownBadOf } from './known-bad.ts';
import { enter } from './step.ts';

type ArmPorts = GuardrailPorts &
  Pick<Ports, 'clock' | 'journal' | 'locks' | 'deadline'> & {
    readonly target: TargetFor<'recheck'>;
    readonly receipts: Pick<Receipts, 'number'>;
  };

/** Checks a last time, arms the deadline, and last of all numbers the drill: from here on it has a receipt. */
export async function armWatchdog(ports: ArmPorts, input: StepInput): Promise<Decision> {
  const drill = await enter(ports, 'ArmWatchdog', input);
  if (drill.abort) return { kind: 'refused', reason: `aborted by ${drill.abort.by}: ${drill.abort.reason}` };
  const checks = await checkLast(ports, drill);
  await ports.journal.append(
    drill,
    checks.map((check) => guardrail('last', check)),
  );
  const reason = refusals(checks);
  if (reason) {
    await ports.journal.append(drill, [{ kind: 'refused', key: 'refused/last', by: 'guardrail', reason }]);
    return { kind: 'refused', reason };
  }
  // A lock that is renewed now is not taken from a drill that is about to be numbered.
  await ports.locks.renew(drill, LEASE_MS);
  await ports.deadline.arm(input.drillId, ports.clock.now() + drillLimitMs(drill.plan), emergencyOf(drill));
  const number = await ports.receipts.number(drill);
  return { kind: 'armed', reason: `drill number ${number}` };
}

async function checkLast(
  ports: GuardrailPorts & Pick<ArmPorts, 'target'>,
  drill: Drill,
): Promise<readonly Check[]> {
  const captured = lastOf(drill.journal, 'captured');
  if (!captured) return [judged('last-healthy-release', false, 'nothing was captured')];
  const { checks } = await checkAll(ports, drill, () =>
    ports.target(drill.plan).recheck(captured, knownBadOf(drill)),
  );
  return [...checks, emergencyRecord(drill), ...approvals(drill)];
}

/** Approvals were given for one plan on one revision of the target; for anything else they are void. */
function approvals(drill: Drill): readonly Check[] {
  return drill.plan.guardrails.approvals ? [{ name: 'approvals', ...standingApprovals(drill) }] : [];
}

/** The deadline carries what restoring needs, so that it needs no other store. */
function emergencyRecord(drill: Drill): Check {
  const bytes = bytesOf(emergencyOf(drill));
  const fits = bytes <= LARGEST_EMERGENCY_BYTES;
  const reason = `what restoring needs takes ${bytes} bytes; at most ${LARGEST_EMERGENCY_BYTES} can be kept with the deadline`;
  return { name: 'emergency-record', verdict: fits ? 'passed' : 'refused', reason };
}

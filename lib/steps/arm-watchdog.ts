import { lastOf } from '../drill/journal.ts';
import { drillLimitMs } from '../drill/limits.ts';
import type { Check, Ports } from '../ports.ts';
import { guardrail, refusals } from './check-guardrails.ts';
import type { Decision, StepInput } from './input.ts';
import { enter } from './step.ts';

/** Checks a last time, arms the deadline, and last of all numbers the drill: from here on it has a receipt. */
export async function armWatchdog(
  ports: Pick<Ports, 'clock' | 'journal' | 'target' | 'deadline' | 'receipts'>,
  input: StepInput,
): Promise<Decision> {
  const drill = await enter(ports, 'ArmWatchdog', input);
  if (drill.abort) return { kind: 'refused', reason: `aborted by ${drill.abort.by}: ${drill.abort.reason}` };
  const captured = lastOf(drill.journal, 'captured');
  const checks: readonly Check[] = captured
    ? await ports.target(drill.plan).recheck(captured)
    : [{ name: 'last-healthy-release', verdict: 'refused', reason: 'nothing was captured' }];
  await ports.journal.append(
    drill,
    checks.map((check) => guardrail('last', check)),
  );
  const reason = refusals(checks);
  if (reason) {
    await ports.journal.append(drill, [{ kind: 'refused', key: 'refused/last', by: 'guardrail', reason }]);
    return { kind: 'refused', reason };
  }
  await ports.deadline.arm(input.drillId, ports.clock.now() + drillLimitMs(drill.plan));
  const number = await ports.receipts.number(drill.opened.target, input.drillId);
  await ports.journal.append(drill, [{ kind: 'numbered', key: 'numbered', number }]);
  return { kind: 'armed', reason: `drill number ${number}` };
}

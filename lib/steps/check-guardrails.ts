import type { Captured, Entry } from '../drill/entry.ts';
import { behindPipeline } from '../drill/guardrails/behind-pipeline.ts';
import { type Check, judged, refusals, unreadable } from '../drill/guardrails/check.ts';
import { isMeasuredBefore } from '../drill/validation.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import { checkAll, type GuardrailPorts, gapsOfTarget } from './guardrails.ts';
import type { WaitInput } from './input.ts';
import { knownBadOf } from './known-bad.ts';
import { limited } from './limited.ts';
import { enter } from './step.ts';

/**
 * Checks every guardrail, captures the last healthy release and the way back, and starts the witness, which measures the
 * steady state and ends the wait.
 */
export async function checkGuardrails(
  ports: GuardrailPorts &
    Pick<Ports, 'journal' | 'validations' | 'waits' | 'witness'> & { readonly target: TargetFor<'capture'> },
  input: WaitInput,
): Promise<void> {
  const drill = await enter(ports, 'CheckGuardrails', input);
  await ports.waits.open(input.drillId, 'CheckGuardrails', input.token);
  const [{ checks: held, look }, measured] = await Promise.all([
    checkAll(ports, drill, () =>
      ports.target(drill.plan).capture(knownBadOf(drill), drill.plan.rollback.paths),
    ),
    measureBefore(ports, drill),
  ]);
  const behind = look?.captured ? behindPipeline(look.captured, drill.fence) : [];
  const checks = [...held, ...behind, ...measured];
  if (!look?.captured || refusals(checks)) return refuse(ports, drill, checks);
  await ports.journal.append(drill, [
    ...checks.map((check) => guardrail('start', check)),
    ...(look.facts ? gapsOfTarget(look.facts) : []),
    { kind: 'captured', key: 'captured', ...look.captured, wayBack: wayBackOf(ports, drill, look.captured) },
  ]);
  await ports.journal.enter(input.drillId, 'steady-state');
  await ports.witness.start(input.drillId);
}

/** By hand, too, a migration is undone. */
function wayBackOf(
  { migrations }: Pick<Ports, 'migrations'>,
  { opened: { drillId }, plan: { migration } }: Drill,
  { wayBack }: Pick<Captured, 'wayBack'>,
): readonly string[] {
  if (!migration) return wayBack;
  const undo = migrations.undoCommand(migration.undo, { drillId, round: 1 });
  return migration.when === 'before-rollback' ? [undo, ...wayBack] : [...wayBack, undo];
}

const MEASURING_LIMIT_MS = 20_000;

/** What validations compare with afterwards; what cannot be measured now could prove nothing then. */
async function measureBefore(
  { clock, validations }: Pick<Ports, 'clock' | 'validations'>,
  drill: Drill,
): Promise<readonly Check[]> {
  return Promise.all(
    drill.plan.validations.filter(isMeasuredBefore).map(async (validation) => {
      const name = `validation-${validation.name}`;
      const run = validations.run(drill, validation, 'before');
      return limited(clock, MEASURING_LIMIT_MS, run).then(
        () => judged(name, true, 'what it compares with is measured'),
        (error: Error) =>
          error.name === 'GuardrailRefused' ? judged(name, false, error.message) : unreadable(name, error),
      );
    }),
  );
}

export function guardrail(when: string, check: Check): Entry {
  return { kind: 'guardrail', key: `guardrail/${when}/${check.name}`, ...check };
}

async function refuse(ports: Pick<Ports, 'waits'>, drill: Drill, checks: readonly Check[]): Promise<void> {
  const reason = refusals(checks);
  const entries: Entry[] = [
    ...checks.map((check) => guardrail('start', check)),
    { kind: 'refused', key: 'refused/guardrails', by: 'guardrail', reason },
  ];
  await ports.waits.signal(drill, 'CheckGuardrails', { kind: 'refused', reason }, entries);
}

import * as v from 'valibot';
import { iso } from '../drill/clock.ts';
import { rollbacksOf } from '../drill/journal.ts';
import type { Ports } from '../ports.ts';
import { type Decision, StepInput } from './input.ts';
import { entered, visitsOf } from './step.ts';

export const RunValidationInput = v.object({ ...StepInput.entries, validation: v.string() });

/** Runs one validation of the plan and records its verdict. Validations run side by side. */
export async function runValidation(
  ports: Pick<Ports, 'clock' | 'journal' | 'validate'>,
  input: v.InferOutput<typeof RunValidationInput>,
): Promise<Decision> {
  const drill = await ports.journal.read(input.drillId);
  const validation = drill.plan.validations.find(({ name }) => name === input.validation);
  if (!validation) throw new Error(`plan ${drill.plan.name} has no validation '${input.validation}'`);
  const round = rollbacksOf(drill.journal);
  const startedAt = iso(ports.clock.now());
  const key = `step/Validate/${round}`;
  const earlier = visitsOf(drill.journal, 'Validate').filter((step) => step.key !== key);
  await ports.journal.append(drill, [{ ...entered('Validate', earlier.length + 1, input), key }]);
  const judgement = await ports.validate(validation, drill.plan, AbortSignal.timeout(validation.timeoutMs));
  const { name, kind, required } = validation;
  const validated = { name, kind, required, ...judgement, startedAt, endedAt: iso(ports.clock.now()) };
  await ports.journal.append(drill, [{ kind: 'validation', key: `validation/${round}/${name}`, validated }]);
  return { kind: judgement.verdict, reason: judgement.reason };
}

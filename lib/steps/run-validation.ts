import * as v from 'valibot';
import { iso } from '../drill/clock.ts';
import { rollbacksOf } from '../drill/journal.ts';
import type { Validation } from '../drill/plan/plan.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Validator } from '../ports/validations.ts';
import { type Decision, StepInput } from './input.ts';
import { entered, visitsOf } from './step.ts';

/** Of a caller who has taken the drill over. */
export const Fenced = { fence: v.exactOptional(v.nullable(v.record(v.string(), v.number()))) };

export const RunValidationInput = v.object({
  ...StepInput.entries,
  ...Fenced,
  validation: v.string(),
  phase: v.optional(v.picklist(['before', 'after']), 'after'),
});

type Input = v.InferOutput<typeof RunValidationInput>;
type ValidationPorts = Pick<Ports, 'clock' | 'journal'>;

/** What is measured is kept in one item of the journal. */
const LARGEST_FOUND_BYTES = 200_000;

/** Runs one validation of the plan and records its verdict, or what it measured before. Validations run side by side. */
export async function runValidation(
  ports: ValidationPorts,
  validator: Validator,
  input: Input,
): Promise<Decision> {
  const found = await ports.journal.read(input.drillId);
  const drill = input.fence === undefined ? found : { ...found, fence: input.fence };
  const validation = drill.plan.validations.find(({ name }) => name === input.validation);
  if (!validation) throw new Error(`plan ${drill.plan.name} has no validation '${input.validation}'`);
  return input.phase === 'before'
    ? measureBefore(ports, validator, drill, validation)
    : judge(ports, validator, drill, validation, input);
}

async function measureBefore(
  { clock, journal }: ValidationPorts,
  validator: Validator,
  drill: Drill,
  validation: Validation,
): Promise<Decision> {
  const { name, timeoutMs } = validation;
  const found = (await validator.before?.(validation, drill, AbortSignal.timeout(timeoutMs))) ?? null;
  const bytes = JSON.stringify(found).length;
  if (bytes > LARGEST_FOUND_BYTES)
    throw new Error(`validation ${name} measured ${bytes} bytes; at most ${LARGEST_FOUND_BYTES} can be kept`);
  const key = `before/${name}`;
  await journal.append(drill, [{ kind: 'before', key, validation: name, found, at: iso(clock.now()) }]);
  return { kind: 'measured', reason: `${name} is measured before the known-bad release` };
}

async function judge(
  { clock, journal }: ValidationPorts,
  validator: Validator,
  drill: Drill,
  validation: Validation,
  input: Input,
): Promise<Decision> {
  const round = rollbacksOf(drill.journal);
  const startedAt = iso(clock.now());
  const key = `step/Validate/${round}`;
  const earlier = visitsOf(drill.journal, 'Validate').filter((step) => step.key !== key);
  await journal.append(drill, [{ ...entered('Validate', earlier.length + 1, input), key }]);
  const { name, kind, required, timeoutMs } = validation;
  const judgement = await validator.judge(validation, drill, AbortSignal.timeout(timeoutMs)).catch(broken);
  const validated = { name, kind, required, ...judgement, startedAt, endedAt: iso(clock.now()) };
  await journal.append(drill, [{ kind: 'validation', key: `validation/${round}/${name}`, validated }]);
  return { kind: judgement.verdict, reason: judgement.reason };
}

/** The message may hold what the validation must not tell. */
function broken({ name }: Error) {
  return { verdict: 'unknown', reason: `the validation itself broke: ${name}`, evidence: [] } as const;
}

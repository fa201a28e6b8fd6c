import * as v from 'valibot';
import { digestOf } from '../drill/digest.ts';
import { type TimeLimits, timeLimits } from '../drill/limits.ts';
import type { Plan, Validation } from '../drill/plan/plan.ts';
import { hasCounts } from '../drill/side-effects.ts';
import { targetName } from '../drill/target-name.ts';
import type { Ports } from '../ports/ports.ts';
import { StepInput } from './input.ts';
import { entered } from './step.ts';

export const LoadPlanInput = v.object({
  ...StepInput.entries,
  executionArn: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  request: v.looseObject({
    plan: v.string(),
    /** Of the plan that is meant; another one that was deployed under its name is not drilled in its place. */
    digest: v.exactOptional(v.string()),
    knownBad: v.optional(v.string()),
    startedBy: v.optional(v.string(), 'the state machine'),
    scheduledAt: v.exactOptional(v.string()),
  }),
});

export interface LoadedPlan {
  readonly limits: TimeLimits;
  /** What is done once the target is restored, side by side: the validations, and the counting of side effects. */
  readonly validations: readonly (Pick<Validation, 'name' | 'kind'> | typeof COUNTING)[];
}

const COUNTING = { name: 'side-effects', kind: 'side-effects' } as const;

/** Reads the plan, freezes it in the journal, and opens the journal. A plan that is not there is a fault. */
export async function loadPlan(
  { plans, journal }: Pick<Ports, 'plans' | 'journal'>,
  input: v.InferOutput<typeof LoadPlanInput>,
): Promise<LoadedPlan> {
  const plan = await plans.load(input.request.plan);
  if (!plan) throw new PlanNotFound(`There is no deployed plan '${input.request.plan}'. Deploy it first.`);
  const digest = digestOf(plan);
  checkDigest(plan, digest, input.request.digest);
  const opened = {
    drillId: input.drillId,
    at: input.startedAt,
    plan: { name: plan.name, digest },
    target: targetName(plan),
    knownBad: knownBadOf(plan, input.request.knownBad),
    startedBy: input.request.startedBy,
    executionArn: input.executionArn,
    ...(input.request.scheduledAt === undefined ? {} : { scheduledAt: input.request.scheduledAt }),
  };
  await journal.open(opened, plan);
  await journal.append({ opened, fence: null }, [entered('LoadPlan', 1, input)]);
  const validations = plan.validations.map(({ name, kind }) => ({ name, kind }));
  return {
    limits: timeLimits(plan),
    validations: hasCounts(plan) ? [...validations, COUNTING] : validations,
  };
}

class PlanNotFound extends Error {
  override readonly name = 'PlanNotFound';
}

class PlanChanged extends Error {
  override readonly name = 'PlanChanged';
}

function checkDigest({ name }: Plan, deployed: string, meant = deployed): void {
  if (meant === deployed) return;
  throw new PlanChanged(
    `The deployed plan '${name}' has the digest ${deployed}; the drill was to be of ${meant}. Deploy that plan, or start the drill without a digest.`,
  );
}

function knownBadOf(plan: Plan, requested = plan.knownBad.default): string {
  if (Object.hasOwn(plan.knownBad.releases, requested)) return requested;
  const allowed = Object.keys(plan.knownBad.releases).join(', ');
  throw new PlanNotFound(`Plan '${plan.name}' has no known-bad release '${requested}'. It has: ${allowed}.`);
}

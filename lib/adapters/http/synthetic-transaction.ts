import type { Step, ValidationOf } from '../../drill/plan/plan.ts';
import { judgeTransaction, type StepTaken } from '../../drill/validations/synthetic-transaction.ts';
import { failed, unknown } from '../../drill/validations/trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets, Validator } from '../../ports/validations.ts';
import { judgedWithSecrets } from './known-secrets.ts';
import { uncaptured } from './template.ts';
import { notSent, type Visited, type Visitor, visitor } from './visitor.ts';

interface Ports {
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets: Secrets;
}

type Transaction = ValidationOf<'synthetic-transaction'>;

/**
 * Goes the way of one user, step by step, with cookies and captured values, until the first step that fails. Then it tidies
 * up, in the part of the time that is kept for it, whatever came before.
 */
export function syntheticTransaction({ clock, secrets }: Ports): Validator<'synthetic-transaction'>['judge'] {
  return async (validation, _drill, signal) => {
    const startedAt = clock.now();
    return judgedWithSecrets(secrets, validation, signal, async (known) => {
      const way = { clock, signal, startedAt, user: visitor(clock, known) };
      const taken = await takeSteps(validation, way);
      const tookMs = clock.now() - startedAt;
      const tidying = taken.some(wasSent) ? await tidyUp(validation, way) : [];
      return judgeTransaction({ steps: validation.steps.length, taken, tidying, tookMs });
    });
  };
}

interface Way {
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly user: Visitor;
}

const SHARE_TO_TIDY_UP = 0.25;

async function takeSteps(validation: Transaction, way: Way): Promise<readonly StepTaken[]> {
  const { steps, tidyUp, timeoutMs } = validation;
  const limitMs = tidyUp.length > 0 ? Math.round(timeoutMs * (1 - SHARE_TO_TIDY_UP)) : timeoutMs;
  const taken: StepTaken[] = [];
  for (const step of steps) {
    const { told, trouble } = await take(step, limitMs, taken.length === 0, way);
    taken.push({ name: step.name, told, trouble });
    if (trouble) break;
  }
  return taken;
}

async function take(step: Step, limitMs: number, isFirst: boolean, way: Way): Promise<Visited> {
  const { clock, signal, startedAt, user } = way;
  if (signal.aborted && isFirst) return notSent(unknown('not sent, the validation was stopped before'));
  const timeoutMs = limitMs - (clock.now() - startedAt);
  if (timeoutMs <= 0) return notSent(failed(`not sent, the steps before it took all of the ${limitMs} ms`));
  return user.ask(step, { timeoutMs, limit: `all steps together may take ${limitMs} ms`, signal });
}

/** Every step gets its share of the time that is left, so that one that hangs does not keep the others from being sent. */
async function tidyUp({ tidyUp: steps, timeoutMs }: Transaction, way: Way): Promise<readonly StepTaken[]> {
  const { clock, signal, startedAt, user } = way;
  const tidied: StepTaken[] = [];
  for (const [index, step] of steps.entries()) {
    const leftMs = timeoutMs - (clock.now() - startedAt);
    const shareMs = Math.floor(leftMs / (steps.length - index));
    tidied.push({ name: step.name, ...(await tidyUpWith(step, shareMs, user, signal)) });
  }
  return tidied;
}

async function tidyUpWith(
  step: Step,
  timeoutMs: number,
  user: Visitor,
  signal: AbortSignal,
): Promise<Visited> {
  const missing = uncaptured(step, user.values);
  if (missing !== undefined) return notSent(unknown(`not sent, as {{${missing}}} was never captured`));
  if (timeoutMs <= 0) return notSent(failed('not sent, no time was left'));
  return user.ask(step, { timeoutMs, limit: `it may take ${timeoutMs} ms`, signal });
}

function wasSent({ told }: StepTaken): boolean {
  return told !== null;
}

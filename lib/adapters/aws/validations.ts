import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { iso } from '../../drill/clock.ts';
import { GuardrailRefused } from '../../drill/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Holder } from '../../ports/drills.ts';
import type { Validations } from '../../ports/validations.ts';

/** A validation whose function could not be run, or broke. */
class ValidationNotRun extends Error {
  override readonly name = 'ValidationNotRun';
}

/** Invokes the function of the validation's kind, and waits for it. `functionArns` is by kind. */
export function invokedValidations(
  lambda: LambdaClient,
  functionArns: Readonly<Record<string, string>>,
  clock: Pick<Clock, 'now'>,
): Validations {
  const invoke = async (kind: string, { opened, fence }: Holder, more: object): Promise<void> => {
    const FunctionName = functionArns[kind];
    if (!FunctionName) throw new ValidationNotRun(`there is no function for ${kind}`);
    const step = {
      drillId: opened.drillId,
      enteredAt: iso(clock.now()),
      retries: 0,
      previous: { kind: 'none' },
    };
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ ...step, fence, ...more })) }),
    );
    if (FunctionError) throw faultOf(kind, Payload);
  };
  return {
    run: (drill, { name: validation, kind }, phase) => invoke(kind, drill, { validation, phase }),
    countSideEffects: (drill) => invoke('side-effects', drill, {}),
  };
}

const Refusal = v.object({ errorType: v.literal('GuardrailRefused'), errorMessage: v.string() });
const LONGEST_TOLD = 500;

function faultOf(kind: string, payload: Uint8Array | undefined): Error {
  const told = payload ? Buffer.from(payload).toString() : '';
  const refusal = v.safeParse(v.pipe(v.string(), v.parseJson(), Refusal), told);
  return refusal.success
    ? new GuardrailRefused(refusal.output.errorMessage)
    : new ValidationNotRun(`${kind}: ${told.slice(0, LONGEST_TOLD)}`);
}

import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { iso } from '../../drill/clock.ts';
import type { Clock, Holder, Validations } from '../../ports.ts';

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
    if (FunctionError) throw new ValidationNotRun(`${kind}: ${toldBy(Payload)}`);
  };
  return {
    run: (drill, { name: validation, kind }, phase) => invoke(kind, drill, { validation, phase }),
    countSideEffects: (drill) => invoke('side-effects', drill, {}),
  };
}

function toldBy(payload: Uint8Array = new Uint8Array()): string {
  return Buffer.from(payload).toString().slice(0, 500);
}

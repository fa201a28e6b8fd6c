import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { iso } from '../../drill/clock.ts';
import type { Clock, Validations } from '../../ports.ts';

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
  return {
    async run({ opened: { drillId }, fence }, { name: validation, kind }, phase) {
      const FunctionName = functionArns[kind];
      if (!FunctionName) throw new ValidationNotRun(`there is no function for validations of kind ${kind}`);
      const enteredAt = iso(clock.now());
      const input = { drillId, enteredAt, retries: 0, previous: { kind: 'none' }, validation, phase, fence };
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(input)) }),
      );
      if (FunctionError) throw new ValidationNotRun(`${validation}: ${toldBy(Payload)}`);
    },
  };
}

function toldBy(payload: Uint8Array = new Uint8Array()): string {
  return Buffer.from(payload).toString().slice(0, 500);
}

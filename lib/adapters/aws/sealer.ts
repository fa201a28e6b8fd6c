import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { OUTCOMES } from '../../drill/outcome.ts';
import type { Sealer } from '../../ports/sealer.ts';

/** Invokes the function that seals, and waits for it. What breaks there breaks here, under the same name. */
export function invokedSealer(lambda: LambdaClient, functionArn: string): Sealer {
  const invoke = async (event: object): Promise<string> => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const told = Buffer.from(Payload ?? []).toString();
    if (FunctionError) throw faultOf(told);
    return told;
  };
  return {
    async seal({ opened, fence }) {
      return v.parse(Answer, await invoke({ drillId: opened.drillId, takenOver: { fence } }));
    },
    async finish(drillId) {
      await invoke({ drillId, isSealed: true });
    },
  };
}

/** What was measured has been told by the function itself. */
const Answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    kind: v.literal('sealed'),
    outcome: v.picklist(OUTCOMES),
    reason: v.string(),
    whole: v.boolean(),
  }),
);

const Thrown = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ errorType: v.string(), errorMessage: v.string() }),
);
const LONGEST_TOLD = 500;

function faultOf(told: string): Error {
  const thrown = v.safeParse(Thrown, told);
  if (!thrown.success) return new Error(`the drill was not sealed: ${told.slice(0, LONGEST_TOLD)}`);
  const { errorType, errorMessage } = thrown.output;
  return Object.assign(new Error(errorMessage), { name: errorType });
}

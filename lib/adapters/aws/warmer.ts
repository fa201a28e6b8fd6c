import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Warmer } from '../../ports.ts';

/** What a function answers without doing anything. */
export const WARM_UP = { warmUp: true };

/** Warming is a courtesy to the clock: a function that could not be warmed only starts cold. */
export function lambdaWarmer(lambda: LambdaClient, functionArns: readonly string[]): Warmer {
  const Payload = Buffer.from(JSON.stringify(WARM_UP));
  return {
    async warm() {
      await Promise.allSettled(
        functionArns.map((FunctionName) => lambda.send(new InvokeCommand({ FunctionName, Payload }))),
      );
    },
  };
}

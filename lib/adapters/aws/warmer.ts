import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Warmer } from '../../ports/waits.ts';

/** Warming is a courtesy to the clock: a function that could not be warmed only starts cold. */
export function lambdaWarmer(lambda: LambdaClient, functionArns: readonly string[]): Warmer {
  return {
    async warm(drillId) {
      const Payload = Buffer.from(JSON.stringify({ warmUp: true, drillId }));
      await Promise.allSettled(
        functionArns.map((FunctionName) => lambda.send(new InvokeCommand({ FunctionName, Payload }))),
      );
    },
  };
}

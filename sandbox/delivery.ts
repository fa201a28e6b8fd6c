import type { Deliver } from './aws/events.ts';
import type { InvokeFunction } from './aws/functions.ts';

/** What EventBridge, Scheduler and SNS may deliver to. */
export interface Receivers {
  readonly invokeFunction: InvokeFunction;
  /** Throws when the execution could not be started. */
  readonly startExecution: (stateMachineArn: string, input: unknown) => unknown;
  readonly publish?: (topicArn: string, message: string) => Promise<unknown>;
}

/**
 * Delivers by what the ARN says. Rejects for a function that ended in an error, so that the retry policy of whoever
 * delivers applies. AWS hands the event to Lambda's own queue instead, with Lambda's two repetitions.
 */
export function deliverTo(receivers: Receivers): Deliver {
  return async (targetArn, payload) => {
    const service = targetArn.split(':')[2];
    if (service === 'lambda') return invoke(receivers.invokeFunction, targetArn, payload);
    if (service === 'states') {
      await receivers.startExecution(targetArn, payload);
      return;
    }
    if (service === 'sns' && receivers.publish) {
      await receivers.publish(targetArn, typeof payload === 'string' ? payload : JSON.stringify(payload));
      return;
    }
    throw new Error(
      `The sandbox cannot deliver to ${targetArn}. It delivers to functions and state machines.`,
    );
  };
}

async function invoke(invokeFunction: InvokeFunction, functionArn: string, payload: unknown): Promise<void> {
  const outcome = await invokeFunction(functionArn, payload);
  if (outcome.kind === 'function-error')
    throw new Error(`${functionArn} failed: ${outcome.errorType}: ${outcome.errorMessage}`);
}

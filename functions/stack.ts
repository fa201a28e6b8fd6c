import middy, { type MiddlewareObj } from '@middy/core';
import * as v from 'valibot';
import { isThrottled } from '../lib/adapters/aws/throttled.ts';
import { logLine } from './log-line.ts';

const WarmUp = v.object({ warmUp: v.literal(true), drillId: v.string() });

/** Does what the function will do next, as far as that only reads. */
type Rehearse = (drillId: string) => Promise<unknown>;

/** What Lambda tells a function about its time. */
interface TimeLeft {
  readonly getRemainingTimeInMillis: () => number;
}

/** What is answered where a fault would tell the caller too much. */
type AnswerFault<Result> = (event: unknown, isTransient: boolean) => Result;

/**
 * The one stack of every function: parse the event, run, name the faults, write one log line. A fault is thrown, unless it
 * is answered.
 */
export function lambda<Schema extends v.GenericSchema, Result>(
  schema: Schema,
  run: (input: v.InferOutput<Schema>, context: TimeLeft) => Promise<Result>,
  rehearse: Rehearse = async () => {},
  answerFault?: AnswerFault<Result>,
) {
  return middy((event: unknown, context: TimeLeft) => run(event as v.InferOutput<Schema>, context))
    .use(logLine())
    .use(answerFault ? [answeredFaults(answerFault)] : [])
    .use(warmUp(rehearse))
    .use(parsed(schema))
    .use(namedFaults());
}

/** Faults have been named by then: what was added last hears of them first. */
function answeredFaults<Result>(answer: AnswerFault<Result>): MiddlewareObj {
  return {
    onError: (request) => {
      request.response = answer(request.event, request.error?.name === 'TransientFault');
    },
  };
}

/** An invocation that only wants the function, its connections and its code to be warm. */
function warmUp(rehearse: Rehearse): MiddlewareObj {
  return {
    before: async ({ event }) => {
      const wanted = v.safeParse(WarmUp, event);
      if (!wanted.success) return undefined;
      await rehearse(wanted.output.drillId);
      return { warm: true };
    },
  };
}

function parsed(schema: v.GenericSchema): MiddlewareObj {
  return {
    before: (request) => {
      const result = v.safeParse(schema, request.event);
      if (!result.success)
        throw new InvalidEvent(
          result.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`).join('; '),
        );
      request.event = result.output;
    },
  };
}

class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

const TRANSIENT_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'TimeoutError']);

/** What a later try may cure gets the one name that the state machine retries. */
function namedFaults(): MiddlewareObj {
  return {
    onError: ({ error }) => {
      if (!(error instanceof Error)) return;
      const { $retryable, $fault, code } = error as Error & {
        $retryable?: unknown;
        $fault?: string;
        code?: string;
      };
      if (
        $retryable ||
        $fault === 'server' ||
        isThrottled(error) ||
        TRANSIENT_CODES.has(code ?? '') ||
        TRANSIENT_CODES.has(error.name)
      )
        error.name = 'TransientFault';
    },
  };
}

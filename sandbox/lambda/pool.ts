import { AwsError } from '../aws/protocol.ts';
import type { Heard } from './environment.ts';
import { startFleet, type Taken } from './fleet.ts';
import { type FunctionLog, reportLine } from './log.ts';
import type { Failure } from './messages.ts';
import type { FunctionConfiguration } from './service.ts';

/** How one request ended: the result as JSON text, or a failure. */
export type Outcome =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** Serves the requests of one function. */
export interface Pool {
  /** Throws TooManyRequestsException when no environment is idle and no further one may be started. */
  run(event: string, functionArn: string): Promise<Outcome>;
  /** Starts an environment unless one is idle. Rejects when the function cannot be loaded. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Counts what runs in the whole account. */
export interface Concurrency {
  readonly limit: number;
  running: number;
}

const FUNCTION_LIMIT = 10;
const MAX_RESPONSE_BYTES = 6_291_556;

export function startPool(
  configuration: FunctionConfiguration,
  options: { log: FunctionLog; compileCache: string; loadLimitMs: number; account: Concurrency },
): Pool {
  const { log, account, loadLimitMs } = options;
  const fleet = startFleet(configuration, { ...options, logFile: log.file });
  let running = 0;
  let closed = false;

  return {
    async run(event, functionArn) {
      if (running >= FUNCTION_LIMIT)
        throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
      if (account.running >= account.limit || closed)
        throw tooManyRequests('ConcurrentInvocationLimitExceeded');
      running += 1;
      account.running += 1;
      try {
        return await serve(event, functionArn);
      } finally {
        running -= 1;
        account.running -= 1;
      }
    },
    async warm() {
      if (closed || fleet.idle > 0) return;
      const { environment, loaded, initDurationMs } = await fleet.start();
      log.line(`INIT_REPORT Init Duration: ${initDurationMs?.toFixed(2)} ms`);
      if (loaded.kind === 'loaded') return fleet.rest(environment);
      const { errorType, errorMessage } = failureOf(loaded, '-', loadLimitMs);
      throw new Error(`The function ${configuration.name} cannot be loaded: ${errorType}: ${errorMessage}`);
    },
    async close() {
      closed = true;
      await fleet.close();
      log.close();
    },
  };

  async function serve(event: string, functionArn: string): Promise<Outcome> {
    const requestId = crypto.randomUUID();
    const taken = await fleet.take();
    const limitMs = taken.loaded.kind === 'loaded' ? configuration.timeoutSeconds * 1000 : loadLimitMs;
    log.line(`START RequestId: ${requestId} Version: $LATEST`);
    const startedMs = performance.now();
    const heard = await ask(taken, { requestId, event, functionArn, limitMs });
    const durationMs = performance.now() - startedMs;
    if (heard.kind === 'result' || heard.kind === 'failure') fleet.rest(taken.environment);
    const outcome = outcomeOf(heard, requestId, limitMs);
    const times = { durationMs, initDurationMs: taken.initDurationMs };
    for (const line of closingLines(requestId, heard, outcome)) log.line(line);
    log.line(reportLine({ requestId, ...times, memorySizeMb: configuration.memoryMb, ...measuresOf(heard) }));
    return outcome;
  }

  function ask(
    { environment, loaded }: Taken,
    asked: { requestId: string; event: string; functionArn: string; limitMs: number },
  ): Promise<Heard> {
    if (loaded.kind !== 'loaded') return Promise.resolve(loaded);
    const { limitMs, ...question } = asked;
    const request = {
      ...question,
      deadlineMs: Date.now() + limitMs,
      logGroupName: `/aws/lambda/${configuration.name}`,
      logStreamName: environment.logStreamName,
    };
    return environment.ask(request, limitMs);
  }
}

function outcomeOf(heard: Heard, requestId: string, limitMs: number): Outcome {
  if (heard.kind !== 'result') return { kind: 'failure', failure: failureOf(heard, requestId, limitMs) };
  if (Buffer.byteLength(heard.payload) <= MAX_RESPONSE_BYTES)
    return { kind: 'result', payload: heard.payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
  return { kind: 'failure', failure: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function failureOf(heard: Heard, requestId: string, limitMs: number): Failure {
  if (heard.kind === 'failure' || heard.kind === 'fatal') return heard.failure;
  if (heard.kind === 'timeout') {
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
    return { errorType: 'Sandbox.Timedout', errorMessage };
  }
  const reason = heard.kind === 'exit' ? heard.reason : `Runtime said '${heard.kind}' out of turn`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}

/** What the function could not write into its log itself. */
function closingLines(requestId: string, heard: Heard, outcome: Outcome): string[] {
  const end = `END RequestId: ${requestId}`;
  const silent = heard.kind === 'timeout' || heard.kind === 'exit';
  return silent && outcome.kind === 'failure' ? [outcome.failure.errorMessage, end] : [end];
}

function measuresOf(heard: Heard): { memoryUsedMb?: number; status?: 'timeout' | 'error' } {
  if (heard.kind === 'timeout') return { status: 'timeout' };
  if (heard.kind === 'result' || heard.kind === 'failure') return { memoryUsedMb: heard.memoryMb };
  return { status: 'error' };
}

function tooManyRequests(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    statusCode: 429,
    fields: { Type: 'User', Reason: reason },
  });
}
